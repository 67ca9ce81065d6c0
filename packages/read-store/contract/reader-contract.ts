import { describe, expect, test } from 'vitest';
import { defineTable, type JsonFrame, type ReadModelReader } from '../index.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { households } from './households.ts';
import { letters } from './letters.ts';
import { projectAll, RunningProjector } from './projecting.ts';
import { changesOf, commit, tableModel } from './table-model.ts';

const model = households() as never;
/** For each wait anew: the tests of a busy machine take longer than this together. */
const patience = {
  get signal() {
    return AbortSignal.timeout(60_000);
  },
};

/** How many letters the rows speak of, told twice by different tables with time passing between. */
async function lettersRead(reader: ReadModelReader): Promise<readonly [bigint, number, number, number]> {
  return reader.read(async (snapshot) => {
    const count = async (sql: string) => (await snapshot.all<{ n: number | null }>(sql))[0]?.n ?? 0;
    const first = await count('SELECT sum(letters) AS n FROM accounts');
    await new Promise((resolve) => setTimeout(resolve, 3));
    const second = await count('SELECT count(*) AS n FROM entries');
    return [snapshot.position, first, second, await count('SELECT sum(letters) AS n FROM accounts')] as const;
  });
}

export function readerContract(open: OpenHarness): void {
  describe('a reader', () => {
    test('waits for nothing: before the first rows the read model is loading, at position 0', () =>
      Fixture.using(open, async (fixture) => {
        const reader = await fixture.reader(model);
        expect(await reader.position()).toBe(0n);
        await expect(reader.read(() => 1)).rejects.toMatchObject({
          code: 'read-model-loading',
          isRetryable: true,
        });
        const generation = await fixture.generation(model);
        await commit(generation, [], 9n);
        expect(await reader.position()).toBe(0n);
        await expect(reader.read(() => 1)).rejects.toMatchObject({ code: 'read-model-loading' });
        await generation.finishLoading();
        expect(await reader.position()).toBe(9n);
        expect(await reader.read((snapshot) => [snapshot.position, snapshot.generation])).toEqual([
          9n,
          generation.number,
        ]);
      }));

    test('needs no projector beside it, nor one that ran in its own time', () =>
      Fixture.using(open, async (fixture) => {
        const source = new EventList(letters(50));
        const generation = await fixture.generation(model);
        await projectAll({ readModel: households(), generation, source });
        await generation.finishLoading();
        await fixture.close();
        expect(await lettersRead(await fixture.reader(model))).toEqual([50n, 50, 50, 50]);
      }));

    test('sees rows and position of one moment, while a projector writes', () =>
      Fixture.using(open, async (fixture) => {
        const source = new EventList(letters(96));
        const limits = { maxBatchEvents: 3, maxStepEvents: 3, pauseMs: 1 };
        const generation = await fixture.generation(model);
        const running = new RunningProjector({ readModel: households(), generation, source, limits });
        const reader = await fixture.reader(model);
        await reader.reached(96n, patience);
        const seen = new Set<bigint>();
        for (let round = 1; round <= 40; round++) {
          const from = 97 * round + 1;
          source.append(...letters(96, { from }));
          for (const [position, ...counts] of await Promise.all([lettersRead(reader), lettersRead(reader)])) {
            seen.add(position);
            const expected = Number(position) - Math.floor(Number(position) / 97);
            expect(counts).toEqual([expected, expected, expected]);
          }
        }
        await running.end();
        expect(seen.size).toBeGreaterThan(5);
      }));

    test('runs many reads at once, each whole', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await projectAll({ readModel: households(), generation, source: new EventList(letters(50)) });
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const all = await Promise.all(Array.from({ length: 40 }, () => lettersRead(reader)));
        expect(all).toEqual(Array.from({ length: 40 }, () => [50n, 50, 50, 50]));
      }));

    test('takes parameters, and gives JSON as text', () =>
      Fixture.using(open, async (fixture) => {
        const things = defineTable<{ name: string; data: object }>({
          name: 'things',
          columns: { name: 'text', data: 'json' },
          key: ['name'],
        });
        const generation = await fixture.generation(tableModel(things as never) as never);
        await commit(generation, [changesOf(things, [{ name: 'a', data: { b: [1, '王'] } }])]);
        await generation.finishLoading();
        const reader = await fixture.reader(tableModel(things as never) as never);
        const sql = 'SELECT name, data FROM things WHERE name = ? AND 1 < ?';
        expect(await reader.read((snapshot) => snapshot.all(sql, ['a', 2]))).toEqual([
          { name: 'a', data: '{"b":[1,"王"]}' },
        ]);
        expect(await reader.read((snapshot) => snapshot.all(sql, ['a', 1]))).toEqual([]);
      }));

    test('joins JSON of rows as UTF-8, in the order of the keys', () =>
      Fixture.using(open, async (fixture) => {
        const things = defineTable<{ number: number; text: string }>({
          name: 'things',
          columns: { number: 'integer', text: 'text' },
          key: ['number'],
        });
        const texts = Array.from({ length: 300 }, (_, n) =>
          JSON.stringify({ n, b: '王 é \0 \u0001 \\ "🙂'.repeat(n % 9) }),
        );
        const generation = await fixture.generation(tableModel(things as never) as never);
        const rows = texts.map((text, number) => ({ number, text }));
        await commit(generation, [changesOf(things, rows)]);
        await generation.finishLoading();
        const reader = await fixture.reader(tableModel(things as never) as never);
        const joined = (keys: readonly number[], maxBytes: number, frame?: JsonFrame) =>
          reader.read(async (snapshot) => {
            const options = { maxBytes, ...(frame && { frame }) };
            const bytes = await snapshot.joinedJson(things as never, 'text', keys, options);
            return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
          });
        const keys = texts.map((_, number) => (number * 7) % 300);
        expect(await joined(keys, 1_000)).toBe(keys.map((key) => texts[key]).join(','));
        expect(await joined([8, 300, 3], 1_000)).toBe(`${texts[8]},${texts[3]}`);
        expect(await joined([300], 1_000)).toBe('');
        expect(await joined([], 1_000)).toBe('');
        const frame = { before: '{"王":[', after: '],"é":"\'"}' };
        expect(await joined([3, 5], 1_000, frame)).toBe(`{"王":[${texts[3]},${texts[5]}],"é":"'"}`);
        expect(await joined([], 1_000, frame)).toBe(`{"王":[],"é":"'"}`);
        const bytes = Buffer.byteLength(texts[8] ?? '');
        expect(await joined([0, 8, 1], bytes)).toBe(`${texts[0]},${texts[8]},${texts[1]}`);
        expect(await joined([0, 8, 1], bytes - 1)).toBeUndefined();
      }));

    test('passes on what its work throws, and reads again', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const failure = new Error('of the work');
        for (let again = 0; again < 20; again++)
          await expect(reader.read(() => Promise.reject(failure))).rejects.toBe(failure);
        await expect(
          reader.read((snapshot) => snapshot.all('SELECT nothing FROM nowhere')),
        ).rejects.toThrow();
        expect(await reader.read((snapshot) => snapshot.position)).toBe(0n);
      }));

    test('lets nobody use a snapshot after its read has ended', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const late = await reader.read((snapshot) => snapshot);
        await expect(late.all('SELECT 1')).rejects.toThrow('after its read has ended');
        await reader.read(async () => {
          await expect(late.all('SELECT 1')).rejects.toThrow('after its read has ended');
        });
      }));
  });

  describe('a position', () => {
    test('is reached when its rows can be read, by whichever connection they were written', () =>
      Fixture.using(open, async (fixture) => {
        const reader = await fixture.reader(model);
        const reached = reader.reached(10n, patience);
        let isReached = false;
        reached.then(() => {
          isReached = true;
        });
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        await commit(generation, [], 9n);
        while ((await reader.position()) < 9n) await new Promise((resolve) => setTimeout(resolve, 1));
        expect(isReached).toBe(false);
        await commit(generation, [], 12n);
        await reached;
        expect(await reader.read((snapshot) => snapshot.position)).toBe(12n);
        await reader.reached(12n, { signal: AbortSignal.abort() });
      }));

    test('that is not reached in time rejects with the reason of the signal', () =>
      Fixture.using(open, async (fixture) => {
        const reader = await fixture.reader(model);
        const reason = new Error('too late');
        const ending = new AbortController();
        const reached = reader.reached(1n, { signal: ending.signal });
        ending.abort(reason);
        await expect(reached).rejects.toBe(reason);
        await expect(reader.reached(1n, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      }));

    test('tells each listener of its moves, in order, up to the last, until told to stop', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const ending = new AbortController();
        const listen = async (after: bigint) => {
          const moves: bigint[] = [];
          for await (const position of reader.moves({ after, signal: ending.signal })) {
            moves.push(position);
            if (position === 20n) break;
          }
          return moves;
        };
        const listeners = [listen(0n), listen(0n), listen(10n), listen(20n)];
        for (let position = 1n; position <= 20n; position++) await commit(generation, [], position);
        const [first = [], second = [], third = []] = await Promise.all(listeners.slice(0, 3));
        for (const moves of [first, second, third]) {
          expect(moves).toEqual(moves.toSorted((a, b) => Number(a - b)));
          expect(new Set(moves).size).toBe(moves.length);
          expect(moves.at(-1)).toBe(20n);
        }
        expect(third.every((position) => position > 10n)).toBe(true);
        ending.abort();
        expect(await listeners[3]).toEqual([]);
      }));
  });

  describe('a closed reader', () => {
    test('refuses reads, also those that wait for their turn, and ends what listens', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const hold = Promise.withResolvers<void>();
        const reads = Array.from({ length: 40 }, () =>
          reader.read(async (snapshot) => {
            await hold.promise;
            return snapshot.all('SELECT 1 AS one');
          }),
        );
        const listen = async () => {
          const moves: bigint[] = [];
          for await (const position of reader.moves({ after: 0n, signal: patience.signal }))
            moves.push(position);
          return moves;
        };
        const listening = listen();
        const reached = reader.reached(99n, patience);
        const settled = Promise.allSettled([...reads, reached]);
        await reader.close();
        hold.resolve();
        const outcomes = await settled;
        expect(outcomes.filter((one) => one.status === 'fulfilled').length).toBeLessThan(40);
        for (const one of outcomes)
          if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'read-store-closed' });
        expect(outcomes.at(-1)?.status).toBe('rejected');
        expect(await listening).toEqual([]);
        await expect(reader.read(() => 1)).rejects.toMatchObject({ code: 'read-store-closed' });
        await reader.close();
      }));

    test('leaves the reads that had begun their snapshot to the end', () =>
      Fixture.using(open, async (fixture) => {
        const generation = await fixture.generation(model);
        await generation.finishLoading();
        const reader = await fixture.reader(model);
        const [begun, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
        const read = reader.read(async (snapshot) => {
          begun.resolve();
          await hold.promise;
          return snapshot.all('SELECT 1 AS one');
        });
        await begun.promise;
        const closed = reader.close();
        hold.resolve();
        expect(await read).toEqual([{ one: 1 }]);
        await closed;
      }));
  });

  describe('a read model', () => {
    test('is begun by many at once as one, on a database that nobody has seen', () =>
      Fixture.using(open, async (fixture) => {
        for (let round = 0; round < 5; round++) {
          const fresh = { ...tableModel(), name: `fresh${round}` } as never;
          const begun = await Promise.all(Array.from({ length: 6 }, () => fixture.generation(fresh)));
          expect(new Set(begun.map((generation) => generation.number)).size).toBe(1);
          await fixture.close();
        }
      }));
  });
}
