import { parkedTable, type Table } from '@touchline/read-store';
import { catalogue, examples, isCustomerId } from '@touchline/touchpoints';
import { expect, test } from 'vitest';
import { timelineReadModel } from './read-model.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

/** Shorter texts may stand in a row by chance. */
const MIN_CHARACTERS = 6;

test('columns that hold personal text are marked, so that operations see it masked', async () => {
  const fixture = await TimelineFixture.open();
  try {
    await fixture.record(...[...examples.values()].map(({ specversion: _, ...event }) => event));
    const texts = [...examples.values()].flatMap(({ type, data }) =>
      Object.entries(data).flatMap(([key, value]) => (catalogue.isPersonal(type, key) ? textsIn(value) : [])),
    );
    const { routing, projections } = timelineReadModel(catalogue);
    const tables = [routing, ...projections].flatMap(({ tables }) => tables);
    const unmarked = new Map<string, string>();
    let found = 0;
    for (const table of [...tables, parkedTable as Table<never>])
      for (const row of await rowsOf(fixture, table))
        for (const [column, value] of Object.entries(row)) {
          const text = texts.find((one) => String(value).includes(one));
          if (text === undefined) continue;
          found++;
          if (!(table.personal as readonly string[]).includes(column))
            unmarked.set(`${table.name}.${column}`, text);
        }
    expect(found).toBeGreaterThan(20);
    expect(Object.fromEntries(unmarked)).toEqual({});
  } finally {
    await fixture.close();
  }
});

function rowsOf(fixture: TimelineFixture, table: Table<never>): Promise<object[]> {
  const columns = Object.entries(table.columns).flatMap(([name, type]) => (type === 'tokens' ? [] : [name]));
  return fixture.read((snapshot) => snapshot.all(`SELECT ${columns.join(', ')} FROM ${table.name}`));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.length >= MIN_CHARACTERS && !isCustomerId(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
