import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import { generateSample } from '@touchline/cli/sample';
import { Projector, type Snapshot } from '@touchline/read-store';
import { catalogue, identifiersOf, type Touchpoint } from '@touchline/touchpoints';
import { expect, test } from 'vitest';
import { onPostgres } from '../../test/support/on-postgres.ts';
import { OwnSchema } from '../../test/support/postgres.ts';
import { customerChanges } from './queries/customer-changes.ts';
import { customer, customersBearing, dataSubjectsOf } from './queries/customers.ts';
import { entryById } from './queries/entry-by-id.ts';
import { identityOf } from './queries/identity-evidence.ts';
import { recentCustomers } from './queries/recent-customers.ts';
import { search } from './queries/search.ts';
import { type PageRequest, timelinePage } from './queries/timeline-page.ts';
import { touchedSince } from './queries/touched-entries.ts';
import { timelineReadModel } from './read-model.ts';
import { asList, everything } from './testing/timeline-fixture.ts';

/** A made-up company that uses every type of the catalogue. */
const SAMPLE = { customers: 60, events: 1_500, seed: 7 };
const QUESTIONS = [
  'order',
  'refund',
  '订单',
  '單',
  '王',
  'li',
  '8613',
  'delivery late',
  "o'brien",
  '%',
  '退款 order',
];
const CUSTOMERS_COMPARED = 40;
const TEST_MS = 120_000;

const what = 'SQLite and PostgreSQL fold one log to the same digests, and answer every question alike';

await onPostgres(what, (postgres) => {
  test(
    what,
    async () => {
      const own = new OwnSchema(postgres);
      const folder = await mkdtemp(join(tmpdir(), 'touchline-databases-'));
      const onFiles = await openBacking({ dataFolder: folder });
      const onServer = await openBacking({ dataFolder: folder, readStore: own.url() });
      try {
        const touchpoints = sample();
        await onFiles.journal.record(touchpoints);
        expect(await folded(onServer)).toEqual(await folded(onFiles));
        const identifiers = [
          ...new Set(touchpoints.flatMap((one) => identifiersOf(one).map(({ uri }) => uri))),
        ];
        const subjects = identifiers.map((uri) => onFiles.journal.identify(uri).subject);
        const asked = (backing: Backing) => read(backing, (snapshot) => answers(snapshot, subjects));
        const [files, server] = [await asked(onFiles), await asked(onServer)];
        expect(Object.keys(files).length).toBeGreaterThan(200);
        expect(server).toEqual(files);
      } finally {
        await onServer.close();
        await onFiles.close();
        await own.drop();
        await rm(folder, { recursive: true });
      }
    },
    TEST_MS,
  );
});

function sample(): Touchpoint[] {
  return [...generateSample(SAMPLE)].map((event) => {
    const parsed = catalogue.parse(event, { now: Date.now() });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    return parsed.touchpoint;
  });
}

async function folded({ readStore, journal }: Backing): Promise<ReadonlyMap<string, string>> {
  const readModel = timelineReadModel(catalogue);
  const generation = await readStore.openLive(readModel);
  const ending = new AbortController();
  const running = new Projector({ readModel, generation, source: journal }).run(ending.signal);
  const reader = await readStore.openReader(readModel);
  await reader.reached(await journal.head(), { signal: AbortSignal.timeout(TEST_MS / 2) });
  ending.abort();
  await running;
  return generation.digest();
}

async function read<T>({ readStore }: Backing, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return (await readStore.openReader(timelineReadModel(catalogue))).read(work);
}

/** By question. */
async function answers(snapshot: Snapshot, subjects: readonly string[]): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = { recent: await recentCustomers(snapshot, 20) };
  const middle = Number(snapshot.position) / 2;
  for (const after of [0, Math.floor(middle), Number.MAX_SAFE_INTEGER])
    told[`changes ${after}`] = await customerChanges(snapshot, { after, limit: 50 });
  const customers = new Set<string>();
  for (const subject of subjects) {
    const bearing = await customersBearing(snapshot, subject);
    told[`bearing ${subject}`] = bearing;
    for (const one of bearing) customers.add(one);
  }
  for (const id of [...customers].slice(0, CUSTOMERS_COMPARED))
    for (const asof of [undefined, Math.floor(middle)]) {
      told[`customer ${id} ${asof}`] = await customer(snapshot, id, asof);
      told[`identity ${id} ${asof}`] = await identityOf(snapshot, id, asof);
      told[`touched ${id} ${asof}`] = await touchedSince(snapshot, id, BigInt(asof ?? 0), 50);
      await addPages(told, snapshot, id, asof);
    }
  for (const question of QUESTIONS)
    told[`search ${question}`] = await search(snapshot, catalogue, question, 20);
  return told;
}

async function addPages(
  told: Record<string, unknown>,
  snapshot: Snapshot,
  id: string,
  asof: number | undefined,
): Promise<void> {
  const subjects = await dataSubjectsOf(snapshot, id, asof);
  const types = ['touchline.order.placed.v1', 'touchline.complaint.raised.v1'];
  const filters = [everything, { ...everything, types }, { ...everything, words: ['order'] }];
  for (const order of ['asc', 'desc'] as const)
    for (const [at, filter] of filters.entries()) {
      const request = {
        subjects,
        filter,
        order,
        limit: 7,
        frame: asList,
        ...(asof === undefined ? {} : { asof }),
      };
      const page = await readPage(snapshot, request);
      told[`page ${id} ${asof} ${order} ${at}`] = page;
      if (page.next !== undefined)
        told[`next ${id} ${asof} ${order} ${at}`] = await readPage(snapshot, {
          ...request,
          after: page.next,
        });
      const [first] = JSON.parse(page.body);
      const eventid = first?.eventid ?? 'nothing';
      told[`entry ${eventid}`] = await entryById(snapshot, catalogue, eventid, { limit: 5 });
    }
}

async function readPage(snapshot: Snapshot, request: PageRequest) {
  const { body, next } = await timelinePage(snapshot, catalogue, request);
  return { body: Buffer.from(body).toString(), next };
}
