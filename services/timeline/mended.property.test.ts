import type { RecordedTouchpoint } from '@touchline/journal';
import {
  type Generation,
  Projector,
  parkedTable,
  type ReadStore,
  type RetryOutcome,
} from '@touchline/read-store';
import { openPostgresReadStore } from '@touchline/read-store/postgres';
import { catalogue } from '@touchline/touchpoints';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onPostgres } from '../../test/support/on-postgres.ts';
import { OwnSchema } from '../../test/support/postgres.ts';
import { timelineReadModel } from './read-model.ts';
import { histories } from './testing/histories.ts';
import { recordedSource } from './testing/recorded-source.ts';
import { TimelineFixture, touchpoint } from './testing/timeline-fixture.ts';

const readModel = timelineReadModel(catalogue);
const MAX_FOLD_MS = 20_000;
const MAX_TEST_MS = 300_000;
/** A failure is told before the test is out of time, even if it could be told shorter. */
const TELLING_IN_TIME = { interruptAfterTimeLimit: MAX_TEST_MS / 2, markInterruptAsFailure: true };

/** As the journal answers a document that it cannot read. */
function damaged(recorded: RecordedTouchpoint): RecordedTouchpoint {
  const { subject: _, ...touchpoint } = recorded.touchpoint;
  return { ...recorded, identifiers: [], touchpoint: { ...touchpoint, data: {} }, damage: 'document-newer' };
}

type Seen = (recorded: RecordedTouchpoint) => RecordedTouchpoint;

async function fold(generation: Generation, log: readonly RecordedTouchpoint[], seen?: Seen): Promise<void> {
  const source = recordedSource(log, seen);
  const head = await source.head();
  const done = new AbortController();
  const onStep = ({ position }: { position: bigint }) => position >= head && done.abort();
  const ending = AbortSignal.any([done.signal, AbortSignal.timeout(MAX_FOLD_MS)]);
  await new Projector({ readModel, generation, source, onStep }).run(ending);
  expect(await generation.checkpoint()).toBe(head);
}

function rowsOf(generation: Generation, table: object): Promise<readonly object[]> {
  return generation.frozen((rows) => rows.page(table as never, { limit: 1_000 }));
}

/** The damage is mended after so many pages were read of the first retry. */
async function retryAll(
  generation: Generation,
  log: readonly RecordedTouchpoint[],
  { seen, mendedAfter }: { seen: Seen; mendedAfter: number },
): Promise<void> {
  const [before, after] = [recordedSource(log, seen), recordedSource(log)];
  let pages = 0;
  const readSubject: typeof after.readSubject = (...asked) =>
    (pages++ < mendedAfter ? before : after).readSubject(...asked);
  const projector = new Projector({ readModel, generation, source: { ...after, readSubject } });
  for (const { subject } of (await rowsOf(generation, parkedTable)) as { subject: string }[]) {
    for (let outcome: RetryOutcome | undefined; outcome?.waiting !== 0; ) {
      const isMended = pages >= mendedAfter;
      outcome = await projector.retry(subject);
      const isDue = isMended || outcome.waiting === 0;
      if (isDue) expect(outcome).toEqual({ folded: expect.any(Number), waiting: 0 });
    }
  }
}

/** Mostly before the retry; else while it reads. */
const pages = fc.oneof(
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.nat({ max: 40 }) },
);
const broken = fc.uniqueArray(fc.nat({ max: 15 }), { minLength: 1, maxLength: 3 });

async function mendAndCompare(
  events: readonly object[],
  places: readonly number[],
  mendedAfter: number,
  store?: ReadStore,
): Promise<void> {
  const timeline = await TimelineFixture.open();
  const { generations } = store ?? timeline.backing.readStore;
  const [mended, rebuilt] = [
    await generations.begin(readModel as never),
    await generations.begin(readModel as never),
  ];
  try {
    await timeline.backing.journal.record(events.map(touchpoint));
    const log = await timeline.backing.journal.read();
    const positions = new Set(places.flatMap((place) => log[place]?.position ?? []));
    const seen: Seen = (recorded) => (positions.has(recorded.position) ? damaged(recorded) : recorded);
    await fold(mended, log, seen);
    expect((await rowsOf(mended, parkedTable)).length > 0).toBe(positions.size > 0);
    await retryAll(mended, log, { seen, mendedAfter });
    await fold(rebuilt, log);
    expect(await mended.digest()).toEqual(await rebuilt.digest());
  } finally {
    await Promise.all([mended.close(), rebuilt.close()]);
    await timeline.close();
  }
}

/** The decision that is mended takes its own data subject out of the customer it was parked with. */
const leaving: [readonly object[], readonly number[], number] = [
  [
    { id: 'e0', data: { customer: { identifiers: ['account:shop:1', 'mailto:li.lei@example.com'] } } },
    {
      id: 'e1',
      type: 'touchline.identifier.marked-shared.v1',
      data: { identifier: 'mailto:li.lei@example.com' },
    },
  ],
  [1],
  0,
];

/** What waits is told anew before it is mended, and folded after. */
const mendedMeanwhile = [1, 2, 3, 4].map((after): typeof leaving => [
  [
    { id: 'e0', data: { customer: { identifiers: ['account:shop:1', 'mailto:li.lei@example.com'] } } },
    { id: 'e1', subject: 'mailto:li.lei@example.com' },
  ],
  [0],
  after,
]);

const WHAT = 'after damage is mended and its customers retried, every row is as a rebuild makes it';

test(
  `${WHAT}, in files`,
  async () => {
    await fc.assert(
      fc.asyncProperty(histories, broken, pages, (events, places, after) =>
        mendAndCompare(events, places, after),
      ),
      { numRuns: 14, examples: [leaving, ...mendedMeanwhile], ...TELLING_IN_TIME },
    );
  },
  MAX_TEST_MS,
);

await onPostgres(`${WHAT}, on PostgreSQL`, (postgres) => {
  test(
    `${WHAT}, on PostgreSQL`,
    async () => {
      const own = new OwnSchema(postgres);
      const store = openPostgresReadStore({ url: own.url() });
      try {
        await fc.assert(
          fc.asyncProperty(histories, broken, pages, (events, places, after) =>
            mendAndCompare(events, places, after, store),
          ),
          { numRuns: 4, examples: [leaving], ...TELLING_IN_TIME },
        );
      } finally {
        await store.close();
        await own.drop();
      }
    },
    MAX_TEST_MS,
  );
});
