/** Beyond this many keys the built-in sort is quicker than insertion. */
const MAX_INSERTION_SORT = 16;
const INITIAL_BYTES = 16 * 1024;
/** Up to this many characters a loop is quicker than calls out of JavaScript. */
const MAX_SHORT_TEXT = 512;
const MAX_SHORT_ASCII = 64;
const MAX_UTF8_BYTES = 3;
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * Writes JSON with the keys of every object in order of their UTF-16 code units and no white space, so that equal
 * content has equal text. As in `JSON.stringify`, members that are `undefined` are left out. The text grows as UTF-8
 * in one buffer that is used again and again: strings that are put together from hundreds of pieces leave more than
 * twice as much to collect.
 */
export class CanonicalWriter {
  #bytes = Buffer.alloc(INITIAL_BYTES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is written so far. Holds until more is written. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of what is written so far. */
  copied(): Buffer {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    return copy;
  }

  clear(): void {
    this.#length = 0;
  }

  write(value: unknown): void {
    if (typeof value === 'string') this.#writeText(value);
    else if (typeof value !== 'object' || value === null) this.put(JSON.stringify(value) ?? 'null');
    else if (Array.isArray(value)) this.#writeArray(value);
    else this.#writeObject(value as Readonly<Record<string, unknown>>);
  }

  /** Writes what comes before the value of a member. Answers where the member begins. */
  startMember(key: string, isFirst: boolean): number {
    if (!isFirst) this.#putByte(COMMA);
    const start = this.#length;
    this.#writeText(key);
    this.#putByte(COLON);
    return start;
  }

  /** Puts ASCII as it is. */
  put(text: string): void {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    const start = this.#length;
    if (length > MAX_SHORT_ASCII) bytes.write(text, start, 'latin1');
    else for (let at = 0; at < length; at++) bytes[start + at] = text.charCodeAt(at);
    this.#length = start + length;
  }

  /** Copies a stretch of what another writer has written. */
  copy(from: CanonicalWriter, start: number, end: number): void {
    this.#reserve(end - start);
    from.#bytes.copy(this.#bytes, this.#length, start, end);
    this.#length += end - start;
  }

  #writeObject(members: Readonly<Record<string, unknown>>): void {
    this.put('{');
    let isFirst = true;
    for (const key of canonicalKeys(members)) {
      const value = members[key];
      if (value === undefined) continue;
      this.startMember(key, isFirst);
      this.write(value);
      isFirst = false;
    }
    this.put('}');
  }

  #writeArray(values: readonly unknown[]): void {
    this.put('[');
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.#putByte(COMMA);
      this.write(values[index]);
    }
    this.put(']');
  }

  #writeText(text: string): void {
    if (text.length > MAX_SHORT_TEXT || !this.#writePlain(text)) this.#writeAny(text);
  }

  /** Most texts are short and need no escape. Answers whether this one was such. */
  #writePlain(text: string): boolean {
    const { length } = text;
    this.#reserve(length * MAX_UTF8_BYTES + 2);
    const bytes = this.#bytes;
    let end = this.#length;
    bytes[end++] = QUOTE;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) {
        if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH) return false;
        bytes[end++] = unit;
      } else if (unit < 0x800) {
        bytes[end++] = 0xc0 | (unit >> 6);
        bytes[end++] = 0x80 | (unit & 0x3f);
      } else {
        if (unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE) return false;
        bytes[end++] = 0xe0 | (unit >> 12);
        bytes[end++] = 0x80 | ((unit >> 6) & 0x3f);
        bytes[end++] = 0x80 | (unit & 0x3f);
      }
    }
    bytes[end++] = QUOTE;
    this.#length = end;
    return true;
  }

  #writeAny(text: string): void {
    const quoted = JSON.stringify(text);
    this.#reserve(quoted.length * MAX_UTF8_BYTES);
    this.#length += this.#bytes.write(quoted, this.#length);
  }

  #putByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  #grow(needed: number): void {
    const larger = Buffer.alloc(2 * needed);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** Own keys in canonical order. */
export function canonicalKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > MAX_INSERTION_SORT) return keys.sort();
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end] as string;
    let at = end;
    for (; at > 0 && (keys[at - 1] as string) > key; at--) keys[at] = keys[at - 1] as string;
    keys[at] = key;
  }
  return keys;
}
