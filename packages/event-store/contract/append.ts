import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Append } from '../event-store.ts';
import type { OpenHarness } from './harness.ts';
import { idsOf, newEvent, newEvents, onLog, onlyReceipt, receiptsOf } from './log-under-test.ts';

export function appendContract(open: OpenHarness): void {
  describe('append', () => {
    test(
      'answers id, position and version of each event, as readers see them',
      onLog(open, async (log) => {
        const events = newEvents(3);
        const receipts = receiptsOf(await log.store.append({ stream: log.stream(), events }));
        const written = await log.written();
        expect(receipts).toEqual(
          written.map(({ id, position, version }) => ({ id, position, version, duplicate: false })),
        );
        expect(idsOf(written)).toEqual(idsOf(events));
      }),
    );

    test(
      'counts versions from 0 in each stream, while positions grow across all',
      onLog(open, async (log) => {
        const receipts = [];
        for (const name of ['a', 'b', 'a', 'b', 'a']) {
          receipts.push(
            onlyReceipt(await log.store.append({ stream: log.stream(name), events: [newEvent()] })),
          );
        }
        expect(receipts.map(({ version }) => version)).toEqual([0, 0, 1, 1, 2]);
        const positions = receipts.map(({ position }) => position);
        expect(positions).toEqual(positions.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(new Set(positions).size).toBe(5);
      }),
    );

    test(
      'keeps type, fingerprint and data character by character',
      onLog(open, async (log) => {
        const text = fc.string({ unit: 'binary', maxLength: 200 });
        const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
        await fc.assert(
          fc.asyncProperty(text, name, name, async (content, type, fingerprint) => {
            const event = { ...newEvent(), type, fingerprint, data: JSON.stringify(content) };
            const { version } = onlyReceipt(
              await log.store.append({ stream: log.stream(), events: [event] }),
            );
            expect(await log.store.readStream(log.stream(), { from: version })).toMatchObject([event]);
          }),
          { numRuns: 50 },
        );
      }),
    );

    test(
      'takes documents as UTF-8 beside others as text, and answers all of them as text',
      onLog(open, async (log) => {
        const text = fc.string({ unit: 'binary', maxLength: 200 }).map((content) => JSON.stringify(content));
        const documents = fc.array(fc.tuple(text, fc.boolean()), { minLength: 1, maxLength: 6 });
        await fc.assert(
          fc.asyncProperty(documents, async (given) => {
            const events = given.map(([data, asBytes]) => ({
              ...newEvent(),
              data: asBytes ? Buffer.from(data) : data,
            }));
            const receipts = receiptsOf(await log.store.append({ stream: log.stream(), events }));
            const from = receipts[0]?.version ?? 0;
            const stored = await log.store.readStream(log.stream(), { from });
            expect(stored.map(({ data }) => data)).toEqual(given.map(([data]) => data));
          }),
          { numRuns: 50 },
        );
      }),
    );

    test.for([
      ['as text', (text: string) => text],
      ['as UTF-8', (text: string) => Buffer.from(text)],
    ] as const)('takes a document of a megabyte, %s', ([, given], context) =>
      onLog(open, async (log) => {
        const data = JSON.stringify('客'.repeat(360_000));
        const event = { ...newEvent(), data: given(data) };
        receiptsOf(await log.store.append({ stream: log.stream(), events: [event] }));
        expect((await log.written())[0]?.data).toBe(data);
      })(context),
    );

    test(
      'records when each event was stored, never going backwards along the log',
      onLog(open, async (log) => {
        for (const name of ['a', 'b', 'c']) {
          await log.store.append({ stream: log.stream(name), events: newEvents(2) });
        }
        const times = (await log.written()).map(({ recordedAt }) => recordedAt);
        expect(times.every(Number.isSafeInteger)).toBe(true);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );

    test(
      'answers an append without events without receipts, whatever it expects',
      onLog(open, async (log) => {
        const result = await log.store.append({ stream: log.stream(), events: [], expected: 7 });
        expect(result).toEqual({ ok: true, receipts: [] });
        expect(await log.written()).toEqual([]);
      }),
    );

    test.for<[string, (append: Append) => unknown]>([
      ['an empty stream name', (append) => ({ ...append, stream: '' })],
      ['a stream name that is too long', (append) => ({ ...append, stream: 's'.repeat(257) })],
      ['an id that is no UUID', (append) => altered(append, { id: 'one' })],
      ['an id in upper case', (append) => altered(append, { id: '0198C1E2-7B6A-7C3D-8E4F-5A6B7C8D9E0F' })],
      ['an empty type', (append) => altered(append, { type: '' })],
      ['a fingerprint that is too long', (append) => altered(append, { fingerprint: 'f'.repeat(65) })],
      ['text that is not well-formed', (append) => altered(append, { data: '"\ud83d"' })],
      ['a document that is too large', (append) => altered(append, { data: `"${'d'.repeat(1_048_576)}"` })],
      ['bytes that are not UTF-8', (append) => altered(append, { data: Uint8Array.of(0x22, 0xff, 0x22) })],
      ['no bytes at all', (append) => altered(append, { data: new Uint8Array() })],
      ['too many bytes', (append) => altered(append, { data: Buffer.alloc(1_048_577, 'd') })],
      ['a negative revision', (append) => ({ ...append, expected: -1 })],
      ['a broken revision', (append) => ({ ...append, expected: 0.5 })],
      ['an unknown expectation', (append) => ({ ...append, expected: 'stream-exists' })],
    ])('refuses %s and stores nothing', ([, spoil], context) =>
      onLog(open, async (log) => {
        const good = { stream: log.stream(), events: newEvents(2) };
        const call = log.store.appendMany([good, spoil(good) as Append]);
        await expect(call).rejects.toMatchObject({
          code: 'event-store-invalid-argument',
          isRetryable: false,
        });
        expect(await log.written()).toEqual([]);
      })(context),
    );
  });
}

function altered(append: Append, part: object): Append {
  return {
    ...append,
    events: append.events.map((event, index) => (index === 1 ? { ...event, ...part } : event)),
  };
}
