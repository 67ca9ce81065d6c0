import sodium from 'sodium-native';
import type { SubjectKey } from './key-ring.ts';
import { fillRandom } from './random-bytes.ts';
import { bytesOf } from './text-bytes.ts';
import { VaultError } from './vault-error.ts';

const NONCE_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
const TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;
const OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

/** Texts up to this size are worked on in place; larger ones get buffers of their own. */
const SCRATCH_BYTES = 64 * 1024;
const MAX_ASSOCIATED_BYTES = 1024;

const plainScratch = Buffer.alloc(SCRATCH_BYTES);
const sealedScratch = Buffer.alloc(SCRATCH_BYTES + OVERHEAD_BYTES);
const associatedScratch = Buffer.alloc(MAX_ASSOCIATED_BYTES);
let associatedView = associatedScratch.subarray(0, 36);

/**
 * Seals `plaintext` (a text, or its UTF-8) so that only this key opens it, and only together with the same `associated`
 * text (which is not part of the result). Answers `<key id>.<base64url of nonce and ciphertext>`.
 */
export function seal(key: SubjectKey, plaintext: string | Uint8Array, associated: string): string {
  const message = typeof plaintext === 'string' ? bytesOf(plaintext) : plaintext;
  const length = message.length + OVERHEAD_BYTES;
  const sealed = length > sealedScratch.length ? Buffer.alloc(length) : sealedScratch;
  fillRandom(sealed, NONCE_BYTES);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    sealed.subarray(NONCE_BYTES, length),
    message,
    associatedBytes(associated),
    null,
    sealed.subarray(0, NONCE_BYTES),
    key.secret,
  );
  return `${key.id}.${sealed.toString('base64url', 0, length)}`;
}

/**
 * Opens what `seal` answered. Throws `VaultError` `sealed-text-corrupt` when the text was changed, or sealed with
 * another key or for another `associated`.
 */
export function open(key: SubjectKey, sealed: string, associated: string): string {
  const text = sealed.slice(keyIdLength(sealed) + 1);
  const isLarge = text.length > SCRATCH_BYTES;
  const bytes = isLarge ? Buffer.from(text, 'base64url') : sealedScratch;
  const length = isLarge ? bytes.length : sealedScratch.write(text, 0, 'base64url');
  if (length < OVERHEAD_BYTES) throw corrupt('is too short');
  const plainLength = length - OVERHEAD_BYTES;
  const message = isLarge ? Buffer.alloc(plainLength) : plainScratch.subarray(0, plainLength);
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      message,
      null,
      bytes.subarray(NONCE_BYTES, length),
      associatedBytes(associated),
      bytes.subarray(0, NONCE_BYTES),
      key.secret,
    );
  } catch (cause) {
    throw corrupt('was changed, or belongs to another key or event', cause);
  }
  return message.toString('utf8');
}

/** The key that opens a sealed text. Throws `VaultError` `sealed-text-corrupt` when it names none. */
export function keyIdOf(sealed: string): string {
  return sealed.slice(0, keyIdLength(sealed));
}

function keyIdLength(sealed: string): number {
  const length = sealed.indexOf('.');
  if (length < 1) throw corrupt('names no key');
  return length;
}

function associatedBytes(associated: string): Buffer {
  if (associated.length * 3 > MAX_ASSOCIATED_BYTES) {
    throw new VaultError('vault-invalid-argument', 'The associated text is too long.');
  }
  const length = associatedScratch.write(associated);
  if (associatedView.length !== length) associatedView = associatedScratch.subarray(0, length);
  return associatedView;
}

function corrupt(what: string, cause?: unknown): VaultError {
  return new VaultError('sealed-text-corrupt', `The sealed text ${what}.`, { cause });
}
