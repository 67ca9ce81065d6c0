import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { installRecordEncoder, type RecordToEncode } from './record-encoding.ts';

type Encoder = (record: RecordToEncode) => { readonly buf: Buffer; readonly buffer: Buffer };

const require = createRequire(import.meta.url);
const encoder = (): Encoder => require('kafkajs/src/protocol/recordBatch/record/v0/index.js');
const theirs = encoder();
installRecordEncoder();
installRecordEncoder();
const ours = encoder();

const MANY = 200;
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 }));
const bytes = fc.uint8Array({ maxLength: 20_000 }).map((array) => Buffer.from(array));
const record: fc.Arbitrary<RecordToEncode> = fc.record(
  {
    offsetDelta: fc.nat(),
    key: fc.option(fc.oneof(text, bytes)),
    value: fc.option(fc.oneof(text, bytes)),
    headers: fc.dictionary(text, fc.oneof(text, bytes), { noNullPrototype: true }),
  },
  { requiredKeys: ['value'] },
);

test('a record is the same bytes as from the client itself', () => {
  fc.assert(
    fc.property(record, (one) => {
      expect(ours(one).buffer.equals(theirs(one).buffer)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  { value: 'at its own time', timestampDelta: 5 },
  { value: 'two headers of one name', headers: { trace: ['a', Buffer.from('b')] } },
])('what we never send is left to the client: $value', (one) => {
  expect(ours(one).buffer.equals(theirs(one).buffer)).toBe(true);
});

test('a request made afterwards takes no buffer for each message', async () => {
  const produce: (request: object) => {
    encode(): Promise<unknown>;
  } = require('kafkajs/src/protocol/requests/produce/v7/request.js');
  const messages = Array.from({ length: MANY }, () => ({
    key: 'k',
    value: 'v',
    headers: { a: '1', b: '2' },
  }));
  const partitions = [{ partition: 0, firstSequence: 0, messages }];
  const taken = vi.spyOn(Buffer, 'alloc');
  await produce({ acks: -1, timeout: 1_000, topicData: [{ topic: 'calls', partitions }] }).encode();
  expect(taken.mock.calls.length).toBeLessThan(MANY);
  taken.mockRestore();
});
