import { expect, test } from 'vitest';
import { isOurs, toRecordedEvent, toServerEvent, toServerStream } from './event-codec.ts';
import type { ServerRecord } from './log-server.ts';
import { anEvent } from './testing/events.ts';

function recorded(part: Partial<NonNullable<ServerRecord['event']>> = {}): ServerRecord {
  const sent = toServerEvent({ ...anEvent(), data: '{"a": 1.0, "客": "\\u5ba2"}' });
  const event = {
    ...sent,
    streamId: toServerStream('subject-1'),
    revision: 7n,
    created: new Date(1_700_000_000_123),
    isJson: false,
    position: { commit: 900n },
    ...part,
  };
  return { event, commitPosition: 900n };
}

test('the document comes back character by character, not as a JSON parser would write it', () => {
  expect(toRecordedEvent(recorded())).toMatchObject({
    data: '{"a": 1.0, "客": "\\u5ba2"}',
    stream: 'subject-1',
    version: 7,
    position: 900n,
    recordedAt: 1_700_000_000_123,
  });
});

test('metadata are flat strings', () => {
  const event = anEvent();
  const { id, fingerprint } = event;
  expect(toServerEvent(event).metadata).toEqual({ id, fingerprint });
});

test('the id on the server is the same for the same event, and another for other content', () => {
  const event = anEvent();
  const { id } = toServerEvent(event);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(toServerEvent({ ...event }).id).toBe(id);
  expect(toServerEvent({ ...event, fingerprint: 'other' }).id).not.toBe(id);
  expect(toServerEvent(anEvent()).id).not.toBe(id);
});

test.each([
  ['without a fingerprint', { metadata: { id: 'x' } }],
  ['with a fingerprint that is no text', { metadata: { id: 'x', fingerprint: 1 } }],
  ['without metadata', { metadata: undefined }],
  ['without an id of ours', { metadata: { fingerprint: 'fp' } }],
  ['in JSON', { isJson: true, data: {} }],
  ['that cannot be told from the start of the log', { position: { commit: 0n } }],
])('an event of our streams %s was not written by us, and is told by its place alone', (_, part) => {
  let failure: unknown;
  try {
    toRecordedEvent(recorded(part));
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({ code: 'event-store-corrupt', isRetryable: false });
  expect((failure as Error).message).toContain('touchline-subject-1@7');
});

test.each(['$stats-127.0.0.1:2113', '$$touchline-subject-1', '$ce-touchline', 'somebody-else'])(
  'a stream %s is not ours',
  (streamId) => {
    expect(isOurs(recorded({ streamId }))).toBe(false);
    expect(isOurs(recorded())).toBe(true);
  },
);
