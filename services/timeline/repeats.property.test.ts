import type { RecordedTouchpoint } from '@touchline/journal';
import { Projector } from '@touchline/read-store';
import { catalogue } from '@touchline/touchpoints';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timelineReadModel } from './read-model.ts';
import { histories } from './testing/histories.ts';
import { recordedSource } from './testing/recorded-source.ts';
import { TimelineFixture, touchpoint } from './testing/timeline-fixture.ts';

const GUARD = ['applied_events', 'repeated_events'];
const guarded = timelineReadModel(catalogue, { idempotency: 'best-effort' });
const MAX_FOLD_MS = 20_000;

const repeats = fc.array(fc.record({ of: fc.nat(), later: fc.nat(12), content: fc.nat() }), {
  minLength: 1,
  maxLength: 8,
});

/** Events of the log again, later: as they were, or with the content and in the stream of another one. */
function repeated(
  log: readonly RecordedTouchpoint[],
  again: readonly { of: number; later: number; content: number }[],
): RecordedTouchpoint[] {
  const events = log.map((event) => ({ ...event, position: event.position * 100n }));
  for (const [at, { of, later, content }] of again.entries()) {
    const first = events[of % log.length];
    const other = events[content % log.length];
    if (first === undefined || other === undefined) continue;
    const position = first.position + BigInt(later) * 100n + BigInt(at + 1);
    events.push({ ...other, eventid: first.eventid, position });
  }
  return events.sort((a, b) => (a.position < b.position ? -1 : 1));
}

function firstsOf(log: readonly RecordedTouchpoint[]): RecordedTouchpoint[] {
  const seen = new Set<string>();
  return log.filter(({ eventid }) => !seen.has(eventid) && seen.add(eventid));
}

async function rowsOf(
  timeline: TimelineFixture,
  readModel: typeof guarded,
  log: readonly RecordedTouchpoint[],
): Promise<ReadonlyMap<string, string>> {
  const { generations } = timeline.backing.readStore;
  const generation = await generations.begin(readModel as never);
  const source = recordedSource(log);
  const head = await source.head();
  const ending = AbortSignal.timeout(MAX_FOLD_MS);
  const done = new AbortController();
  const onStep = ({ position }: { position: bigint }) => position >= head && done.abort();
  await new Projector({ readModel, generation, source, onStep }).run(AbortSignal.any([done.signal, ending]));
  expect(await generation.checkpoint()).toBe(head);
  const digest = await generation.digest();
  await generation.close();
  return digest;
}

test('who is who and what happened come out of a log with repeats as of one without', async () => {
  await fc.assert(
    fc.asyncProperty(histories, repeats, async (events, again) => {
      const timeline = await TimelineFixture.open();
      try {
        await timeline.backing.journal.record(events.map(touchpoint));
        const log = repeated(await timeline.backing.journal.read(), again);
        const firsts = firstsOf(log);
        const expected = await rowsOf(timeline, timelineReadModel(catalogue), firsts);
        const found = await rowsOf(timeline, guarded, log);
        expect(new Map([...found].filter(([name]) => !GUARD.includes(name)))).toEqual(expected);
      } finally {
        await timeline.close();
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);
