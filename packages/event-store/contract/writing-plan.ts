import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Append, AppendResult, EventStore, ExpectedRevision, NewEvent } from '../event-store.ts';
import { alteredFrom, newEvent } from './log-under-test.ts';

const MAX_WRITERS = 4;
const MAX_CALLS = 6;
const MAX_APPENDS = 4;
const MAX_EVENTS = 3;
const STREAMS = 3;
/** Few enough that writers often pick the same. */
const IDS = 24;

interface PlannedAppend {
  readonly stream: number;
  readonly expected: ExpectedRevision;
  readonly events: readonly { readonly id: number; readonly isAltered: boolean }[];
}

/** What several writers do at once, each one call after the other; a call is an `append` or an `appendMany`. */
export type WritingPlan = readonly (readonly (readonly PlannedAppend[])[])[];

export function writingPlans(): fc.Arbitrary<WritingPlan> {
  const event = fc.record({
    id: fc.nat(IDS - 1),
    isAltered: fc.oneof(
      { weight: 9, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  });
  const expected = fc.oneof(
    { weight: 6, arbitrary: fc.constant('any' as const) },
    { weight: 1, arbitrary: fc.constant('no-stream' as const) },
    { weight: 1, arbitrary: fc.nat(4) },
  );
  const append = fc.record({
    stream: fc.nat(STREAMS - 1),
    expected,
    events: fc.array(event, { minLength: 1, maxLength: MAX_EVENTS }),
  });
  const call = fc.array(append, { minLength: 1, maxLength: MAX_APPENDS });
  return fc.array(fc.array(call, { minLength: 1, maxLength: MAX_CALLS }), {
    minLength: 1,
    maxLength: MAX_WRITERS,
  });
}

export interface Written {
  readonly append: Append;
  readonly result: AppendResult;
}

/** Carries the plan out. Without `repeats` each event has an id of its own. */
export async function carryOut(
  plan: WritingPlan,
  store: EventStore,
  { repeats }: { readonly repeats: boolean },
): Promise<readonly Written[]> {
  const run = randomUUID();
  const pool = Array.from({ length: IDS }, (_, index) => newEvent(index));
  const toEvent = ({ id, isAltered }: PlannedAppend['events'][number]): NewEvent => {
    const event = repeats ? (pool[id] ?? newEvent()) : newEvent();
    return isAltered ? alteredFrom(event) : event;
  };
  const writers = plan.map(async (calls) => {
    const written: Written[] = [];
    for (const call of calls) {
      const appends = call.map(({ stream, expected, events }) => ({
        stream: `${run}-${stream}`,
        expected,
        events: events.map(toEvent),
      }));
      written.push(...(await write(store, appends)));
    }
    return written;
  });
  return (await Promise.all(writers)).flat();
}

async function write(store: EventStore, appends: readonly Append[]): Promise<readonly Written[]> {
  const [single, ...more] = appends;
  const results =
    single && more.length === 0 ? [await store.append(single)] : await store.appendMany(appends);
  return results.flatMap((result, index) => {
    const append = appends[index];
    return append ? [{ append, result }] : [];
  });
}
