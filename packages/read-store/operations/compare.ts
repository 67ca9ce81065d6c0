import type { FrozenRows, WordTally } from '../generation.ts';
import type { KeyValue } from '../projection.ts';
import { keyOfRow, type Table, tokensColumn } from '../table.ts';

const PAGE_ROWS = 1_000;
/** Words are small, and some databases count them all for each page. */
const PAGE_WORDS = 50_000;

/** A row that is not the same in both, `undefined` where it is missing. Differing words are told as their column. */
export interface RowDifference {
  readonly table: Table<never>;
  readonly key: readonly KeyValue[];
  readonly columns: readonly string[];
  readonly live: object | undefined;
  readonly rebuilt: object | undefined;
}

/** The first rows of a table that differ, in key order; then rows whose words alone differ. Reads both page by page. */
export async function* differencesOf(
  table: Table<never>,
  live: FrozenRows,
  rebuilt: FrozenRows,
): AsyncIterable<RowDifference> {
  const pairs = zipped(rowsOf(table, live), rowsOf(table, rebuilt), (a, b) =>
    compareKeys(keyOfRow(table, a), keyOfRow(table, b)),
  );
  for await (const [a, b] of pairs) {
    const columns = differingColumns(table, a, b);
    const key = keyOfRow(table, (a ?? b) as object);
    if (columns.length > 0) yield { table, key, columns, live: a, rebuilt: b };
  }
  const words = tokensColumn(table);
  if (words === undefined) return;
  const seen = new Set<number>();
  for await (const key of differingHolders(table, live, rebuilt)) {
    if (seen.has(key)) continue;
    seen.add(key);
    yield { table, key: [key], columns: [words], live: {}, rebuilt: {} };
  }
}

/** Keys of rows that hold a word in one and not in the other. */
async function* differingHolders(
  table: Table<never>,
  live: FrozenRows,
  rebuilt: FrozenRows,
): AsyncIterable<number> {
  const byWord = (a: WordTally, b: WordTally): number => compareKeys([a[0]], [b[0]]);
  for await (const [a, b] of zipped(wordsOf(table, live), wordsOf(table, rebuilt), byWord)) {
    const word = (a ?? b)?.[0];
    if (word === undefined || a?.[1] === b?.[1]) continue;
    const holders = [holdersOf(table, word, live), holdersOf(table, word, rebuilt)] as const;
    for await (const [left, right] of zipped(...holders, (one, other) => one - other))
      if (left === undefined || right === undefined) yield (left ?? right) as number;
  }
}

function differingColumns(table: Table<never>, a: object | undefined, b: object | undefined): string[] {
  const cell = (row: object | undefined, column: string): string =>
    JSON.stringify((row as Record<string, unknown> | undefined)?.[column]) ?? '';
  return Object.keys(table.columns).filter((column) => cell(a, column) !== cell(b, column));
}

async function* rowsOf(table: Table<never>, rows: FrozenRows): AsyncIterable<object> {
  for (let after: readonly KeyValue[] | undefined; ; ) {
    const page = await rows.page(table, { limit: PAGE_ROWS, ...(after === undefined ? {} : { after }) });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = keyOfRow(table, last);
  }
}

async function* wordsOf(table: Table<never>, rows: FrozenRows): AsyncIterable<WordTally> {
  for (let after = ''; ; ) {
    const page = await rows.words(table, { limit: PAGE_WORDS, after });
    yield* page;
    after = page.at(-1)?.[0] ?? after;
    if (page.length < PAGE_WORDS) return;
  }
}

async function* holdersOf(table: Table<never>, word: string, rows: FrozenRows): AsyncIterable<number> {
  for (let after: number | undefined; ; ) {
    const page = await rows.holding(table, word, {
      limit: PAGE_WORDS,
      ...(after === undefined ? {} : { after }),
    });
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE_WORDS) return;
  }
}

/** Pairs what two sorted sequences hold under equal keys; what only one holds stands alone. */
async function* zipped<T>(
  left: AsyncIterable<T>,
  right: AsyncIterable<T>,
  compare: (a: T, b: T) => number,
): AsyncIterable<[T | undefined, T | undefined]> {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  const take = async (items: AsyncIterator<T>): Promise<T | undefined> => {
    const next = await items.next();
    return next.done === true ? undefined : next.value;
  };
  let [a, b] = [await take(lefts), await take(rights)];
  while (a !== undefined || b !== undefined) {
    const order: number = a === undefined ? 1 : b === undefined ? -1 : compare(a, b);
    yield [order <= 0 ? a : undefined, order >= 0 ? b : undefined];
    if (order <= 0) a = await take(lefts);
    if (order >= 0) b = await take(rights);
  }
}

/** Numbers by size, text by Unicode code point, as every database orders them. */
function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let at = 0; at < a.length; at++) {
    const [left, right] = [a[at] ?? '', b[at] ?? ''];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
  }
  return 0;
}
