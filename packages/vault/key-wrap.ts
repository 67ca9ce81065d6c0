import sodium from 'sodium-native';
import { fillRandom } from './random-bytes.ts';

const NONCE_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
const TAG_BYTES = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES;

export const MASTER_KEY_BYTES = 32;
export const SECRET_BYTES = 32;
/** Every wrapped secret has this size, so that it can be overwritten where it lies. */
export const WRAPPED_BYTES = NONCE_BYTES + SECRET_BYTES + TAG_BYTES;

const SLAB_BYTES = 256 * SECRET_BYTES;

let slab = Buffer.alloc(SLAB_BYTES);
let taken = 0;

/** Thousands of keys are remembered, and memory of its own for each would take ten times what is in it. */
function roomForSecret(): Buffer {
  if (taken === SLAB_BYTES) {
    slab = Buffer.alloc(SLAB_BYTES);
    taken = 0;
  }
  taken += SECRET_BYTES;
  return slab.subarray(taken - SECRET_BYTES, taken);
}

/** Encrypts 32 bytes under the master key, bound to what they are for. */
export function wrap(masterKey: Uint8Array, secret: Uint8Array, purpose: string): Buffer {
  const wrapped = Buffer.alloc(WRAPPED_BYTES);
  fillRandom(wrapped, NONCE_BYTES);
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    wrapped.subarray(NONCE_BYTES),
    secret,
    Buffer.from(purpose),
    null,
    wrapped.subarray(0, NONCE_BYTES),
    masterKey,
  );
  return wrapped;
}

/** The 32 bytes again, or nothing when the master key or the purpose is another, or the bytes were changed. */
export function unwrap(masterKey: Uint8Array, wrapped: Uint8Array, purpose: string): Buffer | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined;
  const secret = roomForSecret();
  try {
    sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      secret,
      null,
      wrapped.subarray(NONCE_BYTES),
      Buffer.from(purpose),
      wrapped.subarray(0, NONCE_BYTES),
      masterKey,
    );
  } catch {
    return undefined;
  }
  return secret;
}

/** 32 new random bytes. */
export function newSecret(): Buffer {
  const secret = roomForSecret();
  fillRandom(secret, SECRET_BYTES);
  return secret;
}
