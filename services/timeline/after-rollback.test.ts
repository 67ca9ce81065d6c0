import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { customerDirectory } from './directory.ts';
import { liveEntries } from './live-entries.ts';
import { TimelineApp } from './testing/timeline-app.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

/** Readers are given back an earlier generation right after they were told how far the later one is. */
class RolledBackReader implements ReadModelReader {
  readonly #reader: ReadModelReader;
  /** The next read finds the earlier generation at this position, before everything there is. */
  behind: bigint | undefined;

  constructor(reader: ReadModelReader) {
    this.#reader = reader;
  }

  read<T>(work: (snapshot: Snapshot) => Promise<T> | T): Promise<T> {
    const { behind } = this;
    this.behind = undefined;
    return this.#reader.read((snapshot) =>
      work(behind === undefined ? snapshot : { ...snapshot, position: behind, all: async () => [] }),
    );
  }

  position(): Promise<bigint> {
    return this.#reader.position();
  }

  reached(...args: Parameters<ReadModelReader['reached']>): Promise<void> {
    return this.#reader.reached(...args);
  }

  moves(...args: Parameters<ReadModelReader['moves']>): AsyncIterable<bigint> {
    return this.#reader.moves(...args);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

const SUBJECT = 'account:shop:1';
const PATIENT = { timeout: 20_000 };
const note = (id: string) => ({
  id,
  type: 'touchline.note.added.v1',
  subject: SUBJECT,
  data: { description: id },
});

let fixture: TimelineFixture;
let reader: RolledBackReader;
beforeAll(async () => {
  fixture = await TimelineFixture.open();
  reader = new RolledBackReader(fixture.reader);
  await fixture.record(note('first'), note('second'));
});
afterAll(() => fixture?.close());

test('who demands a position is not answered from before it', async () => {
  const app = await TimelineApp.open({ backing: fixture.backing, reader });
  const ask = (minimum: string) =>
    app.ask(`/v1/customers?identifier=${SUBJECT}`, { 'touchline-min-position': minimum });
  reader.behind = 1n;
  expect(await ask('2')).toMatchObject({
    status: 503,
    body: { code: 'position-not-reached' },
    headers: { 'retry-after': '1', 'touchline-position': '1' },
  });
  expect(await ask('2')).toMatchObject({ status: 200 });
  await app.close();
});

test('who decides as of a position is not told what was known before it', async () => {
  const { backing } = fixture;
  const directory = customerDirectory(reader, backing).atLeast(2n);
  reader.behind = 1n;
  await expect(directory.find(SUBJECT)).rejects.toMatchObject({ code: 'position-not-reached' });
  expect(await directory.find(SUBJECT)).toEqual({ customerid: await fixture.customerOf(SUBJECT) });
});

test('who listens to a timeline is told nothing again', async () => {
  const customer = (await fixture.customerOf(SUBJECT)) ?? '';
  const ending = new AbortController();
  const told: string[] = [];
  const listening = (async () => {
    const { catalogue } = fixture.backing;
    const options = { after: 0n, signal: ending.signal };
    for await (const live of liveEntries(reader, catalogue, customer, options)) {
      if (live.kind === 'entry') told.push((JSON.parse(live.entry) as { id: string }).id);
    }
  })();
  await expect.poll(() => told, PATIENT).toEqual(['first', 'second']);
  reader.behind = 1n;
  await fixture.record(note('third'));
  await expect.poll(() => reader.behind, PATIENT).toBeUndefined();
  await fixture.record(note('fourth'));
  await expect.poll(() => told, PATIENT).toEqual(['first', 'second', 'third', 'fourth']);
  ending.abort();
  await listening;
});
