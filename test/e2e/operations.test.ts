import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { note } from '../support/sample-events.ts';
import { type Installation, install, SHAPES } from '../support/shapes.ts';
import { until } from '../support/until.ts';

interface ReadModel {
  readonly name: string;
  readonly position: string;
  readonly head: string;
  readonly state: string;
  readonly generation: number;
}

const NOTES = 300;

describe.each(SHAPES)('operations, %s', (shape) => {
  let touchline: Installation;
  beforeAll(async () => {
    touchline = await install(shape);
    const body = Array.from({ length: NOTES }, (_, at) =>
      JSON.stringify(note(`n${at}`, { subject: `account:shop:${at % 40}` })),
    ).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    await touchline.at('/v1/events').json('/v1/events', { method: 'POST', headers, body });
  });
  afterAll(() => touchline?.close());

  const get = <T>(path: string): Promise<T> => touchline.at(path).json<T>(path);

  test('the read model is found, follows the log and is live', async () => {
    const all = async () => (await get<{ items: readonly ReadModel[] }>('/v1/readmodels')).items;
    // The projector makes it when it first starts, which is after the address is listened on.
    await until(
      async () => (await all()).some(({ position, head }) => position === head),
      'everything is folded',
    );
    expect(await all()).toMatchObject([
      { name: 'timeline', position: String(NOTES), head: String(NOTES), state: 'live', generation: 1 },
    ]);
  });

  test('the raw log is read to its end, and nothing sealed is opened', async () => {
    expect(await get('/v1/log/head')).toEqual({ position: String(NOTES), events: NOTES });
    let items = 0;
    for (let next: string | null = ''; next !== null; ) {
      const path = `/v1/log?limit=128${next === '' ? '' : `&cursor=${next}`}`;
      const answer = await touchline.at(path).fetch(path);
      const text = await answer.text();
      expect(text).not.toContain('called back');
      const page = JSON.parse(text) as { items: { sealed: object | null }[]; next: string | null };
      expect(page.items.every(({ sealed }) => sealed !== null)).toBe(true);
      items += page.items.length;
      next = page.next;
    }
    expect(items).toBe(NOTES);
  });

  test('without a token nothing is told', async () => {
    for (const path of ['/v1/readmodels', '/v1/log', '/v1/log/head', '/v1/readmodels/timeline/parked']) {
      expect([path, (await fetch(new URL(path, touchline.at(path).origin))).status]).toEqual([path, 401]);
    }
  });
});
