import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everyShape } from '../support/every-shape.ts';
import type { Installation } from '../support/shapes.ts';

interface Receipt {
  readonly source: string;
  readonly id: string;
  readonly eventid: string;
  readonly position: string;
  readonly duplicate: boolean;
}

interface Page {
  readonly items: readonly {
    readonly id: string;
    readonly eventid: string;
    readonly title: { en: string; zh: string };
  }[];
  readonly next: string | null;
}

const LINES = 'application/x-ndjson';

describe.each(await everyShape())('$shape', ({ install }) => {
  let touchline: Installation;
  beforeAll(async () => {
    touchline = await install();
  });
  afterAll(() => touchline?.close());

  const event = (id: string, more: object = {}): object => ({
    specversion: '1.0',
    id,
    source: '/e2e',
    type: 'touchline.order.placed.v1',
    time: '2026-03-01T10:00:00+08:00',
    department: 'sales',
    subject: 'account:shop:8891',
    data: { order: 'order:shop:1', amount: { amount: '420.00', currency: 'CNY' } },
    ...more,
  });
  const post = (body: string, type = 'application/cloudevents+json', query = ''): Promise<Response> =>
    touchline.at('/v1/events').fetch(`/v1/events${query}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
  const read = async <T>(path: string, position?: string): Promise<T> => {
    const headers: Record<string, string> =
      position === undefined ? {} : { 'touchline-min-position': position };
    return touchline.at(path).json<T>(path, { headers });
  };
  const customer = async (identifier: string, position: string): Promise<string> => {
    const path = `/v1/customers?identifier=${encodeURIComponent(identifier)}`;
    const { items } = await read<{ items: { customerid: string }[] }>(path, position);
    return items[0]?.customerid ?? '';
  };

  test('a touchpoint is recorded once, answered with its receipt, and read back at its position', async () => {
    const first = await post(JSON.stringify(event('once')));
    const receipt = (await first.json()) as Receipt;
    expect([first.status, first.headers.get('touchline-position')]).toEqual([201, receipt.position]);
    const again = await post(JSON.stringify(event('once')));
    expect([again.status, await again.json()]).toEqual([200, { ...receipt, duplicate: true }]);
    const other = await post(JSON.stringify(event('once', { data: { order: 'another' } })));
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([409, 'event-id-reused']);
    const id = await customer('account:shop:8891', receipt.position);
    const page = await read<Page>(`/v1/customers/${id}/timeline`, receipt.position);
    expect(page.items.map((entry) => entry.eventid)).toEqual([receipt.eventid]);
    expect(page.items[0]?.title.en).toContain('420.00 CNY');
  });

  test('NDJSON, batch and binary mode lead to the same timeline', async () => {
    const subject = 'account:shop:formats';
    const lines = [event('l1', { subject }), event('l2', { subject })]
      .map((one) => JSON.stringify(one))
      .join('\n');
    expect(await (await post(`${lines}\n{"broken`, LINES)).json()).toMatchObject({
      accepted: 2,
      rejected: 1,
    });
    const batch = await post(
      JSON.stringify([event('l2', { subject }), event('b1', { subject })]),
      'application/cloudevents-batch+json',
    );
    expect(await batch.json()).toMatchObject({ accepted: 1, duplicates: 1, rejected: 0 });
    const binary = await touchline.at('/v1/events').fetch('/v1/events', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-id': 'bin1',
        'ce-source': '/e2e',
        'ce-type': 'touchline.note.added.v1',
        'ce-time': '2026-03-02T10:00:00Z',
        'ce-department': 'service',
        'ce-subject': subject,
      },
      body: JSON.stringify({ description: 'binary' }),
    });
    const { position } = (await binary.json()) as Receipt;
    const page = await read<Page>(
      `/v1/customers/${await customer(subject, position)}/timeline?order=asc`,
      position,
    );
    expect(page.items.map((entry) => entry.id).sort()).toEqual(['b1', 'bin1', 'l1', 'l2']);
  });

  test('validate=only records nothing', async () => {
    const answer = await post(
      JSON.stringify(event('never', { subject: 'account:shop:never' })),
      undefined,
      '?validate=only',
    );
    expect(answer.ok).toBe(true);
    const { position } = (await (await post(JSON.stringify(event('after-never')))).json()) as Receipt;
    expect(await customer('account:shop:never', position)).toBe('');
  });

  test('a person merges two customers, and undoing it brings both timelines back exactly', async () => {
    const one = 'account:shop:m1';
    const other = 'account:erp:m2';
    await post(JSON.stringify(event('m1', { subject: one })));
    const { position } = (await (
      await post(JSON.stringify(event('m2', { subject: other })))
    ).json()) as Receipt;
    const ids = [await customer(one, position), await customer(other, position)];
    const timelines = async (at: string): Promise<unknown> =>
      Promise.all(ids.map((id) => read<Page>(`/v1/customers/${id}/timeline?type=order.placed`, at)));
    const before = await timelines(position);
    const decide = async (path: string, body: object): Promise<{ decision: string; position: string }> =>
      touchline.at(path).json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const merge = await decide(`/v1/customers/${ids[0]}/merge`, { with: ids[1], reason: 'same person' });
    const merged = await customer(other, merge.position);
    expect(merged).toBe(await customer(one, merge.position));
    const superseded = ids.find((id) => id !== merged) ?? '';
    const redirected = await touchline
      .at('/v1/customers/x')
      .fetch(`/v1/customers/${superseded}`, { redirect: 'manual' });
    expect([redirected.status, redirected.headers.get('location')]).toEqual([308, `/v1/customers/${merged}`]);
    const undo = await decide(`/v1/customers/${merged}/unmerge`, {
      decision: merge.decision,
      reason: 'was wrong',
    });
    expect(await timelines(undo.position)).toEqual(before);
  });

  test('a position that is not there yet is answered 503 with Retry-After after a bound', async () => {
    const path = '/v1/search?q=x';
    const answer = await touchline
      .at(path)
      .fetch(path, { headers: { 'touchline-min-position': '999999999' } });
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
    expect(((await answer.json()) as { code: string }).code).toBe('position-not-reached');
  });

  test('live entries arrive as server-sent events and resume after the last one seen', async () => {
    const subject = 'account:shop:live';
    const { position } = (await (await post(JSON.stringify(event('live0', { subject })))).json()) as Receipt;
    const id = await customer(subject, position);
    const path = `/v1/customers/${id}/timeline/live`;
    const stop = new AbortController();
    const stream = await touchline
      .at(path)
      .fetch(path, { signal: stop.signal, headers: { 'touchline-min-position': position } });
    for (const name of ['live1', 'live2']) await post(JSON.stringify(event(name, { subject })));
    const text = await readUntil(stream, 'live2');
    stop.abort();
    expect(text.indexOf('"id":"live1"')).toBeLessThan(text.indexOf('"id":"live2"'));
    expect(text).not.toContain('"id":"live0"');
    const firstId = /id: (\d+)\nevent: entry\ndata: [^\n]*"id":"live1"/.exec(text)?.[1] ?? '';
    const again = new AbortController();
    const resumed = await touchline
      .at(path)
      .fetch(path, { signal: again.signal, headers: { 'last-event-id': firstId } });
    const rest = await readUntil(resumed, 'live2');
    again.abort();
    expect(rest).not.toContain('"id":"live1"');
  });

  test('every route but health and sign-in needs a token', async () => {
    for (const path of ['/v1/search?q=x', '/openapi.json', '/metrics', '/v1/event-types']) {
      const answer = await fetch(new URL(path, touchline.at(path).origin));
      expect([path, answer.status]).toEqual([path, 401]);
    }
    const health = await fetch(new URL('/health/live', touchline.at('/').origin));
    expect(health.status).toBe(200);
  });

  test('after a crash of every process everything acknowledged is there', async () => {
    const subject = 'account:shop:crash';
    await post(JSON.stringify(event('c1', { subject })));
    await touchline.crash();
    const { position } = (await (await post(JSON.stringify(event('c2', { subject })))).json()) as Receipt;
    const page = await read<Page>(`/v1/customers/${await customer(subject, position)}/timeline`, position);
    expect(page.items.map((entry) => entry.id).sort()).toEqual(['c1', 'c2']);
  });
});

/** Reads a stream until `wanted` has come; the test's own time limit is the bound. */
async function readUntil(stream: Response, wanted: string): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.includes(`"id":"${wanted}"`)) return text;
  }
  return text;
}
