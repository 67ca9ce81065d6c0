import type { KeyValue } from './projection.ts';

export type AnyRow = Readonly<Record<string, unknown>>;
export type RowId = string | number;

/** Place of one row in memory. Stays the same object while the row is held, whatever happens to the row. */
export interface CachedRow {
  readonly id: RowId;
  /** `undefined` where the id is all of it: most tables have one key column. */
  readonly parts: readonly KeyValue[] | undefined;
  /** `undefined`: not in memory; `null`: known not to exist. */
  row: AnyRow | null | undefined;
  /** Number of the step that holds its last change; 0 when it is as it was loaded. */
  step: number;
  /** Words that leave with the row; `undefined` keeps those in the database. */
  words: string | undefined;
  /** Asked of the database and not answered yet. */
  asked: boolean;
  /** Number of the step in which it was looked at last. */
  era: number;
  /** As how many rows it counts where rows are bounded. */
  weight: number;
}

const CHARACTERS_OF_A_ROW = 1_000;

/** Rows are bounded by their number, and a large one counts as several. */
export function weightOf(characters: number): number {
  return 1 + Math.floor(characters / CHARACTERS_OF_A_ROW);
}

/** Equal keys, equal ids. Parts are separated by a zero byte; a key that holds one itself is written as JSON. */
export function rowId(key: readonly KeyValue[]): RowId {
  let id: RowId = key[0] ?? '';
  for (let at = 1; at < key.length; at++) id = `${id}\0${key[at]}`;
  return key.length > 1 && holdsZeroByte(key) ? '\0'.repeat(key.length) + JSON.stringify(key) : id;
}

export function keyOf(place: CachedRow): readonly KeyValue[] {
  return place.parts ?? [place.id];
}

function holdsZeroByte(key: readonly KeyValue[]): boolean {
  for (let at = 0; at < key.length; at++) {
    const part = key[at];
    if (typeof part === 'string' && part.includes('\0')) return true;
  }
  return false;
}

/** Whether a database can hold and find again a row under this key. */
export function isKey(key: readonly unknown[], columns: number): key is readonly KeyValue[] {
  return key.length === columns && key.every(isKeyValue);
}

export function isKeyValue(value: unknown): value is KeyValue {
  return typeof value === 'string' ? value.isWellFormed() : Number.isSafeInteger(value);
}

/** Order of rows by key: numbers by size, text by UTF-16 code units. */
export function byKey(a: CachedRow, b: CachedRow): number {
  if (a.parts === undefined || b.parts === undefined) return inOrder(a.id, b.id);
  for (let at = 0; at < a.parts.length; at++) {
    const order = inOrder(a.parts[at] ?? '', b.parts[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function inOrder(left: KeyValue, right: KeyValue): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
