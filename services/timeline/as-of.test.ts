import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IDENTIFIERS, REFERENCES } from './testing/histories.ts';
import { TimelineApp } from './testing/timeline-app.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

const [SHOP = '', OTHER = '', PHONE = ''] = IDENTIFIERS;
const [ORDER = ''] = REFERENCES;

let timeline: TimelineFixture;
let app: TimelineApp;
let recorded: number;
beforeEach(async () => {
  recorded = 0;
  timeline = await TimelineFixture.open();
  app = await TimelineApp.open(timeline);
});
afterEach(async () => {
  await app.close();
  await timeline.close();
});

/** Records one touchpoint an hour after the one before; answers its position and event id. */
async function record(type: string, parts: { subject?: string; time?: string; data?: object } = {}) {
  recorded += 1;
  const time = new Date(Date.parse('2026-03-01T10:00:00Z') + recorded * 3_600_000).toISOString();
  const [outcome] = await timeline.record({
    id: `e${recorded}`,
    type: `touchline.${type}.v1`,
    time,
    ...parts,
  });
  return { position: recorded, eventid: outcome?.eventid ?? '' };
}
const note = (subject: string, description: string, more: object = {}) =>
  record('note.added', { subject, data: { description, ...more } });

const idOf = (identifier: string): string => timeline.backing.journal.identify(identifier).subject;
const customerPath = (identifier: string): string => `/v1/customers/${idOf(identifier)}`;

async function texts(identifier: string, query: string): Promise<unknown[]> {
  const items = await app.walk(`${customerPath(identifier)}/timeline`, query);
  return items.map((item) => (item as { description?: string }).description);
}

async function recordedtime(position: number): Promise<string> {
  const [entry] = await timeline.backing.journal.read({ after: BigInt(position - 1), limit: 1 });
  return new Date(entry?.recordedAt ?? 0).toISOString();
}

/** Time goes on before the next touchpoint. */
async function nextMillisecond(): Promise<void> {
  for (const now = Date.now(); Date.now() === now; ) await new Promise(setImmediate);
}

describe('a timeline as of a position', () => {
  test('is without later touchpoints, corrections and retractions', async () => {
    const first = await note(SHOP, 'sofa');
    const second = await note(SHOP, 'table');
    await record('record.corrected', {
      subject: SHOP,
      data: { target: first.eventid, replacement: { description: 'chair' } },
    });
    const { position } = await record('record.retracted', {
      subject: SHOP,
      data: { target: second.eventid },
    });
    const type = 'type=note.added';
    expect(await texts(SHOP, type)).toEqual(['chair']);
    expect(await texts(SHOP, `${type}&asof=${position}`)).toEqual(['chair']);
    expect(await texts(SHOP, `${type}&asof=${position - 1}`)).toEqual(['table', 'chair']);
    expect(await texts(SHOP, `${type}&asof=${position - 2}`)).toEqual(['table', 'sofa']);
    expect(await texts(SHOP, `${type}&asof=1`)).toEqual(['sofa']);
  });

  test('is that of the customer of then: with a telephone not known to be shared, merged, and not yet merged', async () => {
    await note(SHOP, 'mine', { customer: { identifiers: [PHONE] } });
    await note(PHONE, 'call');
    await note(OTHER, 'theirs', { customer: { identifiers: [PHONE] } });
    const { eventid } = await record('party.merged', { data: { parties: [SHOP, OTHER] } });
    await record('party.unmerged', { data: { decision: eventid, parties: [SHOP] } });
    const notes = (asof: string) => texts(SHOP, `type=note.added${asof}`);
    expect(await notes('')).toEqual(['mine']);
    expect(await notes('&asof=4')).toEqual(['theirs', 'mine']);
    expect(await notes('&asof=3')).toEqual(['mine']);
    expect(await notes('&asof=2')).toEqual(['call', 'mine']);
  });

  test('keeps its pages together: a cursor carries it, and is refused with another', async () => {
    for (const text of ['a', 'b', 'c', 'd']) await note(SHOP, text);
    const path = `${customerPath(SHOP)}/timeline`;
    const time = await recordedtime(3);
    const first = async (asof: string) => (await app.ask(`${path}?limit=2${asof}`)).body.next;
    const [now, atPosition, atTime] = [await first(''), await first('&asof=3'), await first(`&asof=${time}`)];
    await note(SHOP, 'e');
    const rest = async (query: string) => (await app.ask(`${path}?limit=9&${query}`)).body;
    for (const query of [
      `cursor=${atPosition}`,
      `cursor=${atPosition}&asof=3`,
      `cursor=${atTime}`,
      `cursor=${atTime}&asof=${encodeURIComponent(time.replace('Z', '+00:00'))}`,
    ])
      expect(await rest(query)).toMatchObject({ items: [{ description: 'a' }], next: null });
    for (const query of [
      `cursor=${atPosition}&asof=2`,
      `cursor=${atPosition}&asof=${time}`,
      `cursor=${atTime}&asof=2026-03-01T10:00:00Z`,
      `cursor=${now}&asof=4`,
    ])
      expect(await rest(query)).toMatchObject({ code: 'invalid-cursor', errors: [{ pointer: '/cursor' }] });
  });
});

describe('an id as of a position', () => {
  test('that was not known yet is told from one that never was', async () => {
    await note(SHOP, 'first');
    const { eventid } = await note(OTHER, 'second');
    const unknown = idOf('account:shop:999');
    for (const rest of ['', '/timeline', '/identity']) {
      for (const asof of ['0', '1', '2001-01-01T00:00:00Z'])
        expect(await app.ask(`${customerPath(OTHER)}${rest}?asof=${asof}`)).toMatchObject({
          status: 404,
          body: { code: 'not-yet-known' },
        });
      expect((await app.ask(`${customerPath(OTHER)}${rest}?asof=2`)).status).toBe(200);
      const never = await app.ask(`/v1/customers/${unknown}${rest}?asof=1`);
      expect(never).toMatchObject({ status: 404, body: { code: 'unknown-customer' } });
    }
    const entry = (asof: number) => app.ask(`/v1/entries/${eventid}?asof=${asof}`);
    expect((await entry(1)).body.code).toBe('not-yet-known');
    expect((await entry(2)).body).toMatchObject({ customerid: idOf(OTHER), description: 'second' });
    const bearers = await app.ask(`/v1/customers?identifier=${encodeURIComponent(OTHER)}&asof=1`);
    expect(bearers.body.items).toEqual([]);
  });

  test('leads to the customer it stood for then, with the same question', async () => {
    await note(SHOP, 'older');
    await note(OTHER, 'newer');
    await record('party.merged', { data: { parties: [SHOP, OTHER] } });
    const asked = await app.ask(`${customerPath(OTHER)}/timeline?limit=2&asof=3`);
    expect(asked.status).toBe(308);
    expect(asked.headers.location).toBe(`${customerPath(SHOP)}/timeline?limit=2&asof=3`);
    expect((await app.ask(`${customerPath(OTHER)}?asof=2`)).body).toMatchObject({ customerid: idOf(OTHER) });
  });
});

describe('a customer as of a position', () => {
  test('has the name, figures, identifiers and candidates known then', async () => {
    await note(SHOP, 'a', { customer: { name: 'Li Lei' } });
    await note(PHONE, 'b', { customer: { name: '李雷', identifiers: [SHOP] } });
    await record('call.missed', { data: { about: [ORDER] } });
    await note(OTHER, 'c', { about: [ORDER], customer: { identifiers: [PHONE] } });
    const then = (position: number) => app.ask(`${customerPath(SHOP)}?asof=${position}`);
    expect((await then(1)).body).toMatchObject({ name: 'Li Lei', counts: { 'touchline.note.added.v1': 1 } });
    expect((await then(2)).body).toMatchObject({
      name: '李雷',
      last: '2026-03-01T12:00:00.000Z',
      counts: { 'touchline.note.added.v1': 2 },
    });
    expect((await then(1)).body.identifiers).toHaveLength(1);
    expect((await then(3)).body.identifiers).toHaveLength(2);
    expect((await then(4)).body.identifiers).toHaveLength(1);
    const why = (position: number) => app.ask(`${customerPath(SHOP)}/identity?asof=${position}`);
    expect((await why(1)).body.links).toEqual([]);
    expect((await why(3)).body.links).toHaveLength(1);
    expect((await why(4)).body.links).toEqual([]);
  });
});

describe('why a customer is one, as of a position', () => {
  const why = async (identifier: string, asof: number) =>
    (await app.ask(`${customerPath(identifier)}/identity?asof=${asof}`)).body;

  test('names the owner of an order as it was known before somebody turned out to have owned it earlier', async () => {
    const later = { time: '2026-03-09T10:00:00Z', data: { about: [ORDER] } };
    await record('shipment.delayed', later);
    await note(SHOP, 'mine', { about: [ORDER] });
    await record('note.added', { ...later, subject: OTHER, time: '2026-01-01T10:00:00Z' });
    expect((await why(SHOP, 1)).code).toBe('not-yet-known');
    expect((await why(SHOP, 2)).ties).toMatchObject([{ position: '2', reference: ORDER }]);
    expect((await why(SHOP, 3)).ties).toEqual([]);
    expect((await why(OTHER, 3)).ties).toMatchObject([{ position: '3', reference: ORDER }]);
  });

  test('tells decisions as they stood: not yet made, made, undone', async () => {
    await note(SHOP, 'mine');
    await note(OTHER, 'theirs');
    const { eventid } = await record('party.merged', { data: { parties: [SHOP, OTHER] } });
    await record('party.unmerged', { data: { decision: eventid, parties: [SHOP] } });
    expect((await why(SHOP, 2)).decisions).toEqual([]);
    expect((await why(SHOP, 3)).decisions).toMatchObject([{ eventid, active: true, undone: null }]);
    expect((await why(SHOP, 4)).decisions).toMatchObject([
      { eventid, active: false, undone: { position: '4' } },
    ]);
  });

  test('knows candidates only from what was seen by then', async () => {
    await note(SHOP, 'mine');
    await note(PHONE, 'call');
    await record('identifier.marked-shared', { data: { identifier: PHONE } });
    await note(SHOP, 'from the telephone of all', { customer: { identifiers: [PHONE] } });
    const candidates = async (asof: number) =>
      (await app.ask(`${customerPath(PHONE)}?asof=${asof}`)).body.candidates;
    expect(await candidates(3)).toEqual([]);
    expect(await candidates(4)).toEqual([idOf(SHOP)]);
  });
});

describe('the point asked for', () => {
  test('may be a time: the last position recorded at or before it counts, and the answer tells which', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e']) {
      await note(SHOP, text);
      await nextMillisecond();
    }
    for (const position of [1, 2, 3, 4, 5]) {
      const time = await recordedtime(position);
      const { headers, body } = await app.ask(`${customerPath(SHOP)}/timeline?asof=${time}`);
      expect(headers).toMatchObject({ 'touchline-asof': `${position}`, 'touchline-position': '5' });
      expect(body.items).toHaveLength(position);
    }
    const later = await app.ask(`${customerPath(SHOP)}?asof=2999-01-01T00:00:00Z`);
    expect(later.headers).toMatchObject({ 'touchline-asof': '5', 'touchline-position': '5' });
  });

  test('is waited for when it cannot be read yet, as answers as of one position never change', async () => {
    await note(SHOP, 'a');
    const early = app.ask(`${customerPath(SHOP)}/timeline?asof=2`);
    await note(SHOP, 'b');
    expect((await early).body.items).toHaveLength(2);
    expect(await app.ask(`${customerPath(SHOP)}?asof=9`)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', 'touchline-position': '2' },
      body: { code: 'position-not-reached' },
    });
  });

  test('is refused when it is neither', async () => {
    for (const asof of [
      '',
      'yesterday',
      '-1',
      '1.5',
      '1e3',
      '2026-03-01T10:00:00',
      '9'.repeat(20),
      '1&asof=2',
    ])
      for (const rest of ['', '/timeline', '/identity'])
        expect(await app.ask(`${customerPath(SHOP)}${rest}?asof=${asof}`)).toMatchObject({
          status: 400,
          body: { code: 'invalid-request', errors: [{ pointer: '/asof', in: 'query' }] },
        });
  });

  test('is refused where only now is told', async () => {
    await note(SHOP, 'a');
    for (const path of [`${customerPath(SHOP)}/timeline/live?asof=1`, '/v1/search?q=a&asof=1'])
      expect((await app.ask(path)).body).toMatchObject({
        code: 'invalid-request',
        errors: [{ pointer: '/asof' }],
      });
  });
});
