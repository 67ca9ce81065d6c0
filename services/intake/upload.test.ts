import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IntakeFixture } from './testing/intake-fixture.ts';
import { call, lines } from './testing/intake-server.ts';
import { send } from './testing/upload-client.ts';

let door: IntakeFixture;
beforeEach(async () => {
  door = await IntakeFixture.open();
});
afterEach(() => door.close());

test('bad lines are rejected by place, and all others are recorded', async () => {
  const { request, answer } = await send(door.app);
  const events: string[] = Array.from({ length: 2_000 }, (_, number) => JSON.stringify(call(number)));
  events[3] = '{"specversion":"1.0",';
  events[1_000] = JSON.stringify(call(1_000, { type: 'touchline.call.done.v1' }));
  events[1_500] = JSON.stringify(call(1_500, { data: { description: 'x'.repeat(300_000) } }));
  events[1_700] = '';
  events[1_800] = `  ${JSON.stringify(call(1_800))}\r`;
  events[1_999] = JSON.stringify(call(7));
  const bytes = Buffer.from(events.join('\n'));
  bytes[bytes.indexOf('call-900"')] = 0xff;
  request.end(bytes);
  const { status, headers, body } = await answer;
  expect(status).toBe(200);
  expect(body).toEqual({
    accepted: 1_994,
    duplicates: 1,
    rejected: 4,
    position: String(await door.head()),
    rejections: [
      { index: 3, code: 'invalid-json', detail: 'Line 4: The text ends before its value is complete.' },
      { index: 900, code: 'invalid-utf8', detail: 'Line 901: The text is not UTF-8 at byte 27.' },
      {
        index: 1_000,
        source: '/pbx/hangzhou',
        id: 'call-1000',
        code: 'invalid-touchpoint',
        detail: 'Line 1001: one thing is wrong.',
        errors: [expect.objectContaining({ pointer: '/type', code: 'unknown-type' })],
      },
      { index: 1_500, code: 'touchpoint-too-large', detail: 'Line 1501 has more than 262144 bytes.' },
    ],
  });
  expect(headers['touchline-position']).toBe(body.position);
  expect((await door.recorded()).length).toBe(1_994);
});

test('sent again it reports only duplicates, and the log does not grow', async () => {
  const events = Array.from({ length: 1_200 }, (_, number) => call(number));
  const first = await send(door.app);
  first.request.end(lines(events));
  expect((await first.answer).body).toMatchObject({ accepted: 1_200, duplicates: 0 });
  const second = await send(door.app);
  second.request.end(lines(events));
  expect((await second.answer).body).toMatchObject({ accepted: 0, duplicates: 1_200, rejected: 0 });
  expect((await door.recorded()).length).toBe(1_200);
});

test('an event that comes twice in one upload is one event, another with its id is rejected', async () => {
  const { request, answer } = await send(door.app);
  request.end(lines([call(1), call(1), call(1, { department: 'sales' }), call(2)]));
  expect((await answer).body).toMatchObject({
    accepted: 2,
    duplicates: 1,
    rejected: 1,
    rejections: [{ index: 2, source: '/pbx/hangzhou', id: 'call-1', code: 'event-id-reused' }],
  });
});

test('a client that leaves half way: what was handed over stays, and the server goes on', async () => {
  const { request, answer } = await send(door.app);
  request.write(lines(Array.from({ length: 1_250 }, (_, number) => call(number))));
  request.write('{"specversion":"1.0","id":"half');
  await vi.waitFor(async () => expect((await door.recorded()).length).toBe(1_000), {
    timeout: 10_000,
  });
  request.destroy();
  await expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await door.post(call(5_000))).statusCode).toBe(201);
  expect((await door.recorded()).length).toBe(1_001);
});
