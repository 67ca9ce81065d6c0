import { type Ask, parkedTable, type Records } from '@touchline/read-store';
import type { TestEvent } from '../happening.ts';
import { createIdentityProjection } from '../identity-projection.ts';
import { InMemoryRows } from '../in-memory-rows.ts';
import { IDENTITY_TABLES } from '../tables.ts';
import { damaged } from './damaged-histories.ts';

type AnyRow = Readonly<Record<string, string | number>>;

export const projection = createIdentityProjection<TestEvent>({ plainIdentifiers: (event) => event.plain });

/** A generation and its log, some events of which are damaged when they are folded, and mended later. */
export class Told implements Records<TestEvent> {
  readonly rows = new InMemoryRows(IDENTITY_TABLES);
  /** Of each parked data subject, the first event that waits. */
  readonly parked = new Map<string, TestEvent>();
  /** Data subjects whose streams were read. */
  readonly read = new Set<string>();
  readonly #log: TestEvent[] = [];

  fold(event: TestEvent): void {
    projection.fold(event, this.rows);
    this.#log.push(event);
  }

  foldDamaged(event: TestEvent, isSealed: boolean): void {
    projection.fold(damaged(event, isSealed), this.rows);
    this.#log.push(event);
    if (!this.parked.has(event.subject)) this.parked.set(event.subject, event);
  }

  /** As the projector retries a parked data subject. Answers how many rows were changed by folding late what was told anew. */
  async retry(subject: string): Promise<number> {
    this.rows.facts.clear();
    for (const { table, rows, deletes } of (await projection.foldAnew?.([subject], this)) ?? []) {
      const replaced = (rows as AnyRow[]).map((row) =>
        (table.key as string[]).map((name) => row[name] ?? ''),
      );
      for (const key of [...deletes, ...replaced]) this.rows.delete(table, ...key);
      for (const row of rows) this.rows.put(table as never, row);
    }
    const { changes } = this.rows;
    for (const event of this.#log) if (event.subject === subject) projection.foldLate?.(event, this.rows);
    this.parked.delete(subject);
    return this.rows.changes - changes;
  }

  async load(asks: readonly Ask[]): Promise<readonly (readonly object[])[]> {
    return asks.map((ask) => {
      if (ask.table.name === parkedTable.name) return ask.kind === 'list' ? this.#parked(ask.value) : [];
      const rows = this.rows.all<AnyRow>(ask.table as never);
      if (ask.kind === 'list') return rows.filter((row) => row[ask.column] === ask.value);
      return rows.filter((row) => (ask.table.key as string[]).every((name, at) => row[name] === ask.key[at]));
    });
  }

  async eventsOf(subjects: readonly string[]): Promise<readonly TestEvent[]> {
    for (const subject of subjects) this.read.add(subject);
    return this.#log.filter(({ subject }) => subjects.includes(subject));
  }

  #parked(subject: string | number): readonly object[] {
    const first = this.parked.get(String(subject));
    return first === undefined ? [] : [{ subject, position: Number(first.position) }];
  }
}
