import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntakeFixture } from './testing/intake-fixture.ts';
import { BATCH_TYPE, call } from './testing/intake-server.ts';

let door: IntakeFixture;
beforeAll(async () => {
  door = await IntakeFixture.open();
});
afterAll(() => door.close());

describe('a batch', () => {
  test('is answered with what became of each', async () => {
    await door.post(call(20));
    const events = [
      call(20),
      call(21),
      call(22, { time: 'now' }),
      call(20, { department: 'sales' }),
      7,
      call(23),
    ];
    const answer = await door.post(events, { type: BATCH_TYPE });
    expect(answer.statusCode).toBe(200);
    const summary = answer.json();
    expect(summary).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: 3,
      rejections: [
        {
          index: 2,
          source: '/pbx/hangzhou',
          id: 'call-22',
          code: 'invalid-touchpoint',
          errors: [{ pointer: '/time' }],
        },
        { index: 3, source: '/pbx/hangzhou', id: 'call-20', code: 'event-id-reused' },
        { index: 4, code: 'invalid-touchpoint', detail: 'Item 4: one thing is wrong.' },
      ],
    });
    expect(summary.position).toBe(String(await door.head()));
    expect(answer.headers['touchline-position']).toBe(summary.position);
  });

  test('has no place when nothing of it was recorded', async () => {
    const answer = await door.post([], { type: BATCH_TYPE });
    expect(answer.json()).toEqual({
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      position: null,
      rejections: [],
    });
    expect(answer.headers['touchline-position']).toBeUndefined();
  });

  test('that is no array is answered 400', async () => {
    expect((await door.post(call(24), { type: BATCH_TYPE })).json()).toMatchObject({
      status: 400,
      code: 'invalid-request',
      errors: [{ pointer: '', detail: 'must be a JSON array of events' }],
    });
  });

  test('of more items than allowed is answered 413', async () => {
    const answer = await door.post(`[${'1,'.repeat(10_000)}1]`, { type: BATCH_TYPE });
    expect(answer.json()).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('refuses an item that would be too large on its own', async () => {
    const large = call(25, { data: { description: 'x'.repeat(300_000) } });
    const answer = await door.post([large, call(26)], { type: BATCH_TYPE });
    expect(answer.json()).toMatchObject({
      accepted: 1,
      rejections: [{ index: 0, id: 'call-25', code: 'touchpoint-too-large' }],
    });
  });
});
