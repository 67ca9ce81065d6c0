import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyShape } from '../support/every-shape.ts';
import { expectProblem } from '../support/problem.ts';
import type { Installation } from '../support/shapes.ts';

interface Answer {
  readonly eventid: string;
  readonly position: string;
  readonly outcome: string;
}

interface Entry {
  readonly id: string;
  readonly eventid: string;
  readonly type: string;
  readonly data: object;
  readonly corrected?: object;
  readonly retracted?: object;
}

interface WholeEntry extends Entry {
  readonly customerid: string;
  readonly original?: object;
  readonly corrections: {
    readonly items: readonly { readonly data: object }[];
    readonly next: string | null;
  };
}

describe.each(await everyShape())('$shape', ({ install }) => {
  let touchline: Installation;
  beforeAll(async () => {
    touchline = await install();
  });
  afterAll(() => touchline?.close());

  async function record(id: string, data: object, more: object = {}) {
    const event = {
      specversion: '1.0',
      id,
      source: '/e2e',
      type: 'touchline.order.placed.v1',
      time: '2026-03-01T10:00:00+08:00',
      department: 'sales',
      subject: `account:shop:${id}`,
      data,
      ...more,
    };
    const answer = await touchline.at('/v1/events').post(event);
    return (await answer.json()) as { eventid: string; position: string };
  }

  /** A write of a person, once what it speaks of can be read. */
  function write(path: string, body: object, position: string, more: Record<string, string> = {}) {
    const headers = { 'content-type': 'application/json', 'touchline-min-position': position, ...more };
    return touchline.at(path).fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  const read = <T>(path: string, position: string): Promise<T> =>
    touchline.at(path).json<T>(path, { headers: { 'touchline-min-position': position } });

  async function timelineOf(eventid: string, position: string, query = ''): Promise<readonly Entry[]> {
    const { customerid } = await read<WholeEntry>(`/v1/entries/${eventid}`, position);
    const page = await read<{ items: Entry[] }>(`/v1/customers/${customerid}/timeline${query}`, position);
    return page.items.filter((entry) => !entry.type.startsWith('touchline.record.'));
  }

  test('a correction is answered with where it lies, and is what timeline, entry and search say from then on', async () => {
    const order = await record('fix', { order: '8891', description: 'a sofa' });
    const path = `/v1/entries/${order.eventid}/corrections`;
    const data = { order: '8892', description: 'a bookcase' };
    const answer = await write(path, { data, reason: 'misread' }, order.position);
    const { eventid, position, outcome } = (await answer.json()) as Answer;
    expect([answer.status, outcome, answer.headers.get('touchline-position')]).toEqual([
      201,
      'recorded',
      position,
    ]);
    const corrected = { eventid, position, by: 'admin', reason: 'misread' };
    expect(await timelineOf(order.eventid, position)).toMatchObject([{ data, corrected }]);
    const whole = await read<WholeEntry>(`/v1/entries/${order.eventid}`, position);
    expect(whole).toMatchObject({
      data,
      corrected,
      original: { order: '8891', description: 'a sofa' },
      corrections: { items: [{ ...corrected, data }], next: null },
    });
    const found = async (word: string) =>
      (await read<{ entries: { entry: Entry }[] }>(`/v1/search?q=${word}`, position)).entries;
    expect((await found('bookcase')).map(({ entry }) => entry.eventid)).toEqual([order.eventid]);
    expect(await found('sofa')).toEqual([]);
  });

  test('corrections are read page by page, the one made last first', async () => {
    const order = await record('pages', { order: '0' });
    let { position } = order;
    for (const number of ['1', '2', '3']) {
      const body = { data: { order: number }, reason: `fix ${number}` };
      const answer = await write(`/v1/entries/${order.eventid}/corrections`, body, position);
      ({ position } = (await answer.json()) as Answer);
    }
    const path = `/v1/entries/${order.eventid}?limit=2`;
    const first = await read<WholeEntry>(path, position);
    expect(first.corrections.items.map(({ data }) => data)).toEqual([{ order: '3' }, { order: '2' }]);
    const rest = await read<WholeEntry>(`${path}&cursor=${first.corrections.next}`, position);
    expect(rest.corrections).toMatchObject({ items: [{ data: { order: '1' } }], next: null });
    for (const wrong of ['cursor=x', 'limit=0', 'limit=101', 'page=2']) {
      const refused = await touchline.at(path).fetch(`/v1/entries/${order.eventid}?${wrong}`);
      expect(refused.status).toBe(400);
    }
  });

  test('a retracted entry is hidden unless asked for, cannot be corrected, and stays retracted', async () => {
    const order = await record('void', { order: '1' });
    const path = `/v1/entries/${order.eventid}/retraction`;
    const first = (await (await write(path, { reason: 'wrong shop' }, order.position)).json()) as Answer;
    const again = await write(path, { reason: 'once more' }, first.position);
    expect([again.status, ((await again.json()) as Answer).outcome]).toEqual([200, 'already-so']);
    expect(await timelineOf(order.eventid, first.position)).toEqual([]);
    expect(await timelineOf(order.eventid, first.position, '?include=retracted')).toMatchObject([
      { data: { order: '1' }, retracted: { eventid: first.eventid, by: 'admin', reason: 'wrong shop' } },
    ]);
    const body = { data: { order: '2' }, reason: 'x' };
    const corrections = `/v1/entries/${order.eventid}/corrections`;
    await expectProblem(await write(corrections, body, first.position), 'entry-retracted');
    const unretraction = `/v1/entries/${first.eventid}/retraction`;
    await expectProblem(await write(unretraction, { reason: 'x' }, first.position), 'not-amendable');
  });

  test('a key makes repeating safe', async () => {
    const order = await record('key', { order: '1' });
    const path = `/v1/entries/${order.eventid}/corrections`;
    const send = () =>
      write(path, { data: { order: '2' }, reason: 'x' }, order.position, { 'idempotency-key': 'e2e-1' });
    const first = (await (await send()).json()) as Answer;
    const again = await send();
    expect([again.status, await again.json()]).toEqual([200, { ...first, outcome: 'repeated' }]);
  });

  test('what does not fit is refused with where and why, and what is unknown is not found', async () => {
    const order = await record('refused', { order: '1' });
    const path = `/v1/entries/${order.eventid}/corrections`;
    const refused = await write(path, { data: { order: 1 }, reason: 'x' }, order.position);
    expect(await refused.json()).toMatchObject({
      status: 422,
      code: 'invalid-touchpoint',
      errors: [{ pointer: '/data/order' }],
    });
    const unknown = '/v1/entries/00000000-0000-5000-8000-000000000000/retraction';
    await expectProblem(await write(unknown, { reason: 'x' }, order.position), 'unknown-entry');
    await expectProblem(await write(path, { data: {}, reason: 'x' }, '999999999'), 'position-not-reached');
  });

  test('who follows the timeline is sent the entry again, as it is then', async () => {
    const order = await record('live', { order: '1' });
    const { customerid } = await read<WholeEntry>(`/v1/entries/${order.eventid}`, order.position);
    const path = `/v1/customers/${customerid}/timeline/live`;
    const stop = new AbortController();
    const stream = await touchline.at(path).fetch(path, { signal: stop.signal });
    const body = { data: { order: '4711' }, reason: 'x' };
    await write(`/v1/entries/${order.eventid}/corrections`, body, order.position);
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (/"id":"live".*\n\n/.test(text)) break;
    }
    stop.abort();
    expect(text).toMatch(/event: entry\ndata: .*"id":"live".*"order":"4711"/);
  });
});
