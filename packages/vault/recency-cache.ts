/**
 * Remembers at most `limit` entries and forgets those not asked for longest. Two generations instead of a linked
 * list: a hit costs one map lookup, and whatever was not asked for during a whole generation goes with it.
 */
export class RecencyCache<Key, Value> {
  readonly #generationLimit: number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();

  constructor(limit: number) {
    this.#generationLimit = Math.max(1, Math.floor(limit / 2));
  }

  get(key: Key): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    if (this.#young.size >= this.#generationLimit) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
