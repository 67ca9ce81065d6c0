import type { Append, AppendResult, EventStore } from '@touchline/event-store';
import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import type { KeyRing, SubjectKey } from '@touchline/vault';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJournal } from './create-journal.ts';
import { Room } from './room.ts';

const key: SubjectKey = { id: '1a', subject: 'anybody', secret: Buffer.alloc(32, 3) };
const keyRing = {
  pepper: Buffer.alloc(32, 9),
  ensure: async (subjects: readonly string[]) => new Map(subjects.map((subject) => [subject, key])),
} as unknown as KeyRing;

it('gives pieces that lie apart, however large', () => {
  const sizes = fc.array(fc.oneof(fc.nat(2_000), fc.integer({ min: 100_000, max: 700_000 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(sizes, sizes, (first, second) => {
      const room = new Room();
      for (const lengths of [first, second]) {
        const pieces = lengths.map((length, at) => room.take(length).fill(at + 1));
        for (const [at, piece] of pieces.entries()) {
          expect(piece.length).toBe(lengths[at]);
          expect(piece.every((byte) => byte === at + 1)).toBe(true);
        }
        room.clear();
      }
    }),
    { numRuns: 20 },
  );
});

it('keeps what was handed over as it is while it is under way, and after a failure for good', async () => {
  const calls: { readonly texts: readonly string[]; readonly appends: readonly Append[] }[] = [];
  const answers: PromiseWithResolvers<readonly AppendResult[]>[] = [];
  const appendMany: EventStore['appendMany'] = (appends) => {
    calls.push({ appends, texts: textsIn(appends) });
    const answer = Promise.withResolvers<readonly AppendResult[]>();
    answers.push(answer);
    return answer.promise;
  };
  const journal = createJournal({ eventStore: { appendMany } as unknown as EventStore, keyRing, catalogue });
  const recording = async (call: number) => journal.record([note(`${call}-a`), note(`${call}-b`)]);
  const first = recording(0);
  const second = recording(1);
  await expect.poll(() => calls.length).toBe(2);
  answers[0]?.reject(new Error('aborted, and perhaps on its way'));
  await expect(first).rejects.toThrow('aborted');
  answers[1]?.resolve(accepted(calls[1]?.appends ?? []));
  await second;
  const later = [recording(2), recording(3)];
  await expect.poll(() => calls.length).toBe(4);
  for (const place of [0, 2, 3]) expect(textsIn(calls[place]?.appends ?? [])).toEqual(calls[place]?.texts);
  for (const place of [2, 3]) answers[place]?.resolve(accepted(calls[place]?.appends ?? []));
  await Promise.all(later);
});

function textsIn(appends: readonly Append[]): readonly string[] {
  return appends.flatMap(({ events }) =>
    events.map(({ data }) => Buffer.from(data as Uint8Array).toString()),
  );
}

function accepted(appends: readonly Append[]): readonly AppendResult[] {
  return appends.map(({ events }, place) => ({
    ok: true,
    receipts: events.map(({ id }) => ({ id, position: BigInt(place + 1), version: 0, duplicate: false })),
  }));
}

function note(id: string): Touchpoint {
  return {
    specversion: '1.0',
    id,
    source: '/desk',
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: 'account:shop:1',
    department: 'service',
    data: { description: `called about ${id}` },
  };
}
