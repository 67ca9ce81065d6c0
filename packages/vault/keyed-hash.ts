import sodium from 'sodium-native';
import { bytesOf } from './text-bytes.ts';

const PSEUDONYM_BYTES = 12;

/**
 * The two hashes differ in output length, and BLAKE2b mixes that length into its state: they are independent
 * functions of one key, so a fingerprint never gives away a pseudonym.
 */
const pseudonymHash = Buffer.alloc(16);
const fingerprintHash = Buffer.alloc(18);

/** Names `text` without giving it away: 24 lower-case hex digits, the same for the same pepper and text. */
export function pseudonym(pepper: Buffer, text: string): string {
  sodium.crypto_generichash(pseudonymHash, bytesOf(text), pepper);
  return pseudonymHash.toString('hex', 0, PSEUDONYM_BYTES);
}

/** Tells equal content (a text, or its UTF-8) from other content without giving it away: 24 characters of base64url. */
export function keyedFingerprint(pepper: Buffer, content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? bytesOf(content) : content;
  sodium.crypto_generichash(fingerprintHash, bytes, pepper);
  return fingerprintHash.toString('base64url');
}
