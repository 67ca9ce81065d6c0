import type { RowId } from './cached-row.ts';

const BITS_LOG2 = 23;
const PROBES = 4;

/**
 * Remembers in one MiB which keys a table may hold, when every row was put under its eyes. Half of what a first load looks
 * up does not exist; that much it need not ask the database. A Bloom filter: `has` errs only towards yes, seldom up to a
 * million keys, more often beyond.
 */
export class SeenKeys {
  readonly #bits = new Uint32Array(2 ** (BITS_LOG2 - 5));

  add(id: RowId): void {
    const hash = hashOf(id);
    const stride = strideOf(hash);
    for (let probe = 0, at = hash; probe < PROBES; probe++, at = (at + stride) | 0) {
      const bit = at >>> (32 - BITS_LOG2);
      this.#bits[bit >>> 5] = (this.#bits[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  has(id: RowId): boolean {
    const hash = hashOf(id);
    const stride = strideOf(hash);
    for (let probe = 0, at = hash; probe < PROBES; probe++, at = (at + stride) | 0) {
      const bit = at >>> (32 - BITS_LOG2);
      if (((this.#bits[bit >>> 5] ?? 0) & (1 << (bit & 31))) === 0) return false;
    }
    return true;
  }
}

/** FNV-1a, then mixed: the upper bits choose the place. */
function hashOf(id: RowId): number {
  let hash = 0x811c9dc5;
  if (typeof id === 'number') {
    hash = Math.imul(hash ^ (id | 0), 0x01000193);
    hash = Math.imul(hash ^ Math.floor(id / 2 ** 32), 0x01000193);
  } else for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) | 0;
}

function strideOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f) | 1;
}
