import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { Outcome } from '@touchline/journal';
import { type Generation, Projector, type ReadModelReader, type Snapshot } from '@touchline/read-store';
import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import type { ServedEntry } from '../queries/amended-entry.ts';
import type { CorrectionPageRequest } from '../queries/correction-page.ts';
import { currentCustomer, dataSubjectsOf } from '../queries/customers.ts';
import { entryById } from '../queries/entry-by-id.ts';
import { type PageRequest, timelinePage } from '../queries/timeline-page.ts';
import { timelineReadModel } from '../read-model.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
const MAX_FOLD_MS = 20_000;

/** A log, its keys and the folded read model on real files, in one thread. */
export class TimelineFixture {
  readonly backing: Backing;
  readonly reader: ReadModelReader;
  readonly generation: Generation;
  readonly #folder: string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  private constructor(folder: string, backing: Backing, reader: ReadModelReader, generation: Generation) {
    this.#folder = folder;
    this.backing = backing;
    this.reader = reader;
    this.generation = generation;
    const readModel = timelineReadModel(catalogue, backing.journal);
    const projector = new Projector({ readModel, generation, source: backing.journal });
    this.#running = projector.run(this.#stop.signal);
  }

  /**
   * With `keys`, a folder copied from another installation: ids of customers depend on its pepper. `eventStore` as
   * `TOUCHLINE_EVENT_STORE`.
   */
  static async open(options: { keys?: string; eventStore?: string } = {}): Promise<TimelineFixture> {
    const { keys, eventStore } = options;
    const folder = await mkdtemp(join(tmpdir(), 'touchline-timeline-'));
    if (keys !== undefined) await cp(keys, join(folder, 'keys'), { recursive: true });
    const backing = await openBacking({ dataFolder: folder, eventStore });
    const readModel = timelineReadModel(catalogue, backing.journal);
    const generation = await backing.readStore.openLive(readModel);
    return new TimelineFixture(folder, backing, await backing.readStore.openReader(readModel), generation);
  }

  /** Validates, records, and waits until it is folded. */
  async record(...events: object[]): Promise<readonly Outcome[]> {
    const outcomes = await this.backing.journal.record(events.map(touchpoint));
    const head = await this.backing.journal.head();
    await this.reader.reached(head, { signal: AbortSignal.timeout(MAX_FOLD_MS) });
    return outcomes;
  }

  read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    return this.reader.read(work);
  }

  customerOf(identifier: string): Promise<string | undefined> {
    const { subject } = this.backing.journal.identify(identifier);
    return this.read((snapshot) => currentCustomer(snapshot, subject));
  }

  /** As `customerOf`, of an identifier that somebody was seen with. */
  async customeridOf(identifier: string): Promise<string> {
    const found = await this.customerOf(identifier);
    if (found === undefined) throw new Error(`${identifier} is unknown`);
    return found;
  }

  async page(customerid: string, request: Partial<PageRequest> = {}) {
    const page = await this.read(async (snapshot) =>
      timelinePage(snapshot, catalogue, {
        subjects: await dataSubjectsOf(snapshot, customerid),
        order: 'desc',
        limit: 50,
        filter: everything,
        frame: asList,
        ...request,
      }),
    );
    return { next: page.next, entries: JSON.parse(Buffer.from(page.body).toString()) as ServedEntry[] };
  }

  entry(eventid: string, page: Partial<CorrectionPageRequest> = {}) {
    return this.read((snapshot) => entryById(snapshot, catalogue, eventid, { limit: 20, ...page }));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.backing.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** A folder of fresh keys, to be used by several installations. */
export async function freshKeys(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-keys-'));
  await (await openBacking({ dataFolder: folder })).close();
  return join(folder, 'keys');
}

/** Pages that are a list of entries and nothing else. */
export const asList: PageRequest['frame'] = () => ({ before: '[', after: ']' });

export const everything: PageRequest['filter'] = {
  types: [],
  channels: [],
  departments: [],
  words: [],
  withRetracted: false,
};

/** A valid touchpoint from the parts that matter to a test. */
export function touchpoint(event: object): Touchpoint {
  const parsed = catalogue.parse(
    {
      specversion: '1.0',
      source: '/test',
      type: 'touchline.note.added.v1',
      time: '2026-03-01T10:00:00+08:00',
      department: 'service',
      data: {},
      ...event,
    },
    { now: NOW },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.touchpoint;
}
