import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { touchline as command } from '../support/command-line.ts';
import { everyShape } from '../support/every-shape.ts';
import { note } from '../support/sample-events.ts';
import type { Installation } from '../support/shapes.ts';
import { until } from '../support/until.ts';

interface ReadModel {
  readonly name: string;
  readonly position: string;
  readonly head: string;
  readonly state: string;
  readonly generation: number;
}

interface Rebuild {
  readonly job: string;
  readonly state: string;
  readonly total: number;
  readonly generation: number;
  readonly verification: { readonly tables: readonly object[] } | null;
}

interface Parked {
  readonly subject: string;
  readonly reason: string | null;
}

const NOTES = 300;

describe.each(await everyShape())('operations, $shape', ({ install }) => {
  let touchline: Installation;
  beforeAll(async () => {
    touchline = await install();
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

  test('a rebuild is planned, followed as events, verified and promoted; reads go on, and it can be rolled back', async () => {
    const path = '/v1/readmodels/timeline/rebuilds';
    const body = JSON.stringify({ reason: '演练', promote: 'auto' });
    const headers = { 'content-type': 'application/json' };
    const replay = touchline.at(path);
    const asked = await replay.fetch(path, { method: 'POST', headers, body });
    const planned = (await asked.json()) as Rebuild;
    expect([asked.status, planned.state, planned.total]).toEqual([202, 'planned', NOTES]);
    const stream = await replay.fetch(`${path}/${planned.job}`, { headers: { accept: 'text/event-stream' } });
    const told = [...(await stream.text()).matchAll(/event: rebuild\ndata: (.*)\n/g)];
    const last = JSON.parse(told.at(-1)?.[1] ?? '') as Rebuild;
    expect(last).toMatchObject({ state: 'promoted', percent: 100, verification: { equal: true } });
    expect(last.verification?.tables.length).toBeGreaterThan(5);
    const found = await get<{ items: object[] }>('/v1/customers?identifier=account%3Ashop%3A7');
    expect(found.items).toHaveLength(1);
    expect(await get('/v1/readmodels/timeline')).toMatchObject({
      generation: last.generation,
      state: 'live',
    });
    const rolledBack = await replay.json('/v1/readmodels/timeline/rollback', { method: 'POST' });
    expect(rolledBack).toEqual({ generation: 1 });
    expect((await get<{ items: object[] }>('/v1/readmodels/timeline/generations')).items).toMatchObject([
      { number: last.generation, state: 'previous' },
      { number: 1, state: 'live' },
    ]);
  });

  test('the command line rebuilds, verifies and lists, and tells by its exit code', async () => {
    const at = { url: touchline.at('/v1/readmodels').origin, dataFolder: touchline.dataFolder };
    const rebuilt = await command(['rebuild', 'timeline', '--promote', '--json'], at);
    expect([rebuilt.code, JSON.parse(rebuilt.stdout)]).toMatchObject([0, { state: 'promoted' }]);
    const verified = await command(['verify', 'timeline'], at);
    expect(verified).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`at position ${NOTES}: equal`),
    });
    const listed = await command(['readmodels'], at);
    expect(listed.stdout).toMatch(/^timeline +live/m);
    const logged = await command(['log', '--limit', '3', '--json'], at);
    expect(logged.stdout.trim().split('\n')).toHaveLength(3);
  });

  test('a row that somebody changed is found: exit code 2, with table and columns and nothing personal', async () => {
    const { generation } = await get<ReadModel>('/v1/readmodels/timeline');
    await smuggle("UPDATE entries SET channel = 'smuggled' WHERE position = 5", touchline, generation);
    const at = { url: touchline.at('/v1/readmodels').origin, dataFolder: touchline.dataFolder };
    const verified = await command(['verify', 'timeline'], at);
    expect([verified.code, verified.stdout]).toEqual([2, expect.stringMatching(/≠ entries/)]);
    expect(verified.stdout).toMatch(/entries \[.*\], first event 5\n {4}channel: live /);
    expect(verified.stdout).not.toContain('called back');
  });

  test('that customer is repaired alone, and everything is what the log says again', async () => {
    const at = { url: touchline.at('/v1/readmodels').origin, dataFolder: touchline.dataFolder };
    const found = await get<{ items: { customerid: string }[] }>(
      '/v1/customers?identifier=account%3Ashop%3A4',
    );
    const repaired = await command(['repair', 'timeline', found.items[0]?.customerid ?? ''], at);
    expect([repaired.code, repaired.stdout]).toEqual([
      0,
      expect.stringMatching(/^done: \d+ folded, 0 still wait/),
    ]);
    expect((await command(['verify', 'timeline'], at)).code).toBe(0);
  });

  test('who cannot be folded is parked and told why; once the cause is mended a retry brings everything back', async () => {
    const log = new Database(join(touchline.dataFolder, 'log', 'events.sqlite'), { timeout: 5_000 });
    const at = { url: touchline.at('/v1/readmodels').origin, dataFolder: touchline.dataFolder };
    const data = log.prepare('SELECT data FROM events WHERE position = 9').pluck().get();
    const change = (text: unknown): void => {
      log.exec('DROP TRIGGER IF EXISTS events_never_change');
      log.prepare('UPDATE events SET data = ? WHERE position = 9').run(text);
    };
    change('{"half');
    expect((await command(['rebuild', 'timeline'], at)).code).toBe(2);
    expect((await command(['rebuild', 'timeline', 'promote'], at)).code).toBe(0);
    const parked = JSON.parse((await command(['parked', 'timeline', '--json'], at)).stdout) as {
      items: Parked[];
    };
    expect(parked.items).toMatchObject([{ position: '9', waiting: Math.ceil((NOTES - 8) / 40) }]);
    expect(parked.items[0]?.reason).toContain('document-corrupt');
    const subject = parked.items[0]?.subject ?? '';
    expect(await command(['parked', 'timeline', 'retry', subject], at)).toMatchObject({ code: 1 });
    change(data);
    log.close();
    const retried = await command(['parked', 'timeline', 'retry', subject], at);
    expect(retried).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^done: \d+ folded, 0 still wait/),
    });
    expect((await command(['parked', 'timeline'], at)).stdout).toBe('Nobody is parked.\n');
    const verified = await command(['verify', 'timeline'], at);
    for (const table of ['entries', 'data_subjects', 'profiles', 'parked'])
      expect(verified.stdout).toContain(`    = ${table}\n`);
  });

  test('nothing was skipped, also not over the promotions', async () => {
    const measured = async (path: string) => await (await touchline.at(path).fetch('/metrics')).text();
    const projector = await measured('/v1/customers');
    expect(projector).toMatch(/^touchline_projector_skipped_events_total 0$/m);
    const folded = /^touchline_projector_folded_events_total (\d+)$/m.exec(projector)?.[1];
    expect(Number(folded)).toBeGreaterThanOrEqual(NOTES);
    const replay = await measured('/v1/readmodels');
    expect(replay).toContain(`touchline_log_events_total ${NOTES}`);
    expect(replay).toContain('touchline_read_model_state{read_model="timeline",state="live"} 1');
    expect(replay).toContain('touchline_read_model_behind_events{read_model="timeline"} 0');
  });

  test('without a token nothing is told', async () => {
    for (const path of ['/v1/readmodels', '/v1/log', '/v1/log/head', '/v1/readmodels/timeline/parked']) {
      expect([path, (await fetch(new URL(path, touchline.at(path).origin))).status]).toEqual([path, 401]);
    }
  });
});

/** Changes a generation behind Touchline's back. */
async function smuggle(
  sql: string,
  { dataFolder, settings }: Installation,
  generation: number,
): Promise<void> {
  const place = settings.TOUCHLINE_READ_STORE;
  if (place === undefined) {
    const file = join(dataFolder, 'read-models', 'timeline', `generation-${generation}.sqlite`);
    const db = new Database(file, { timeout: 5_000 });
    db.exec(sql);
    db.close();
    return;
  }
  const url = new URL(place);
  const schema = `${url.searchParams.get('schema')}_timeline_${generation}`;
  url.search = '';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(`SET search_path = "${schema}"`);
  await client.query(sql);
  await client.end();
}
