import { type EventStore, EventStoreError } from '@touchline/event-store';
import { parkedTable, type ReadModelReader, type ReadStore, ReadStoreError } from '@touchline/read-store';
import { type Clock, Problem } from '@touchline/service-kit';
import { Course } from './course.ts';

const SAMPLE_MS = 1_000;
/** A read model that is behind by less is as good as up to date: a touchpoint has to get there somehow. */
const MAX_LIVE_LAG_MS = 2_000;
/** Behind and not moved for so long, nobody seems to fold it. */
const STALLED_MS = 10_000;

/** `stalled`: behind and not moving; `loading`: built for the first time; `unavailable`: its database fails. */
export const STATES = ['live', 'catching-up', 'stalled', 'loading', 'unavailable'] as const;

/** A number of events, and the age of the oldest of them in seconds. */
export interface Backlog {
  readonly events: number;
  readonly seconds: number;
}

/** How one read model stands. */
export interface Standing {
  readonly name: string;
  /** What readers see; nothing while it is being built for the first time. */
  readonly generation: number | undefined;
  readonly position: bigint;
  readonly head: bigint;
  /** Recorded after `position`. */
  readonly behind: Backlog;
  readonly parked: Backlog & { readonly subjects: number };
  /** Not applied, for whichever of the two reasons. */
  readonly lag: Backlog;
  /** Events folded per second over the last half minute. */
  readonly rate: number;
  readonly state: (typeof STATES)[number];
  /** Code of the failure that makes it unavailable. */
  readonly failure: string | undefined;
}

interface Look {
  readonly generation?: number;
  readonly position: bigint;
  readonly parked: { readonly subjects: number; readonly events: number; readonly since: number | null };
  readonly state?: 'loading' | 'unavailable';
  readonly failure?: string;
}

interface Parts {
  readonly eventStore: Pick<EventStore, 'readAll' | 'head' | 'count'>;
  readonly readStore: Pick<ReadStore, 'openReader' | 'generations'>;
  readonly clock: Clock;
}

const NOTHING_PARKED = { subjects: 0, events: 0, since: null };

/** The read models of an installation, whoever folds them: what is known of them is read from log and database. */
export class ReadModels {
  readonly #parts: Parts;
  readonly #readers = new Map<string, Promise<ReadModelReader>>();
  readonly #courses = new Map<string, Course>();
  #timer: NodeJS.Timeout | undefined;
  #isSampling = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Looks every second where each is, until `close`: rates are taken from that. */
  watch(): void {
    this.#timer ??= setInterval(() => void this.#sample(), SAMPLE_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** In alphabetical order. */
  async names(): Promise<readonly string[]> {
    return this.#parts.readStore.generations.readModels();
  }

  /** Throws the problem `unknown-read-model`. Names become folders: nothing else is ever opened. */
  async assertKnown(name: string): Promise<void> {
    if (!(await this.names()).includes(name)) throw new Problem('unknown-read-model');
  }

  async reader(name: string): Promise<ReadModelReader> {
    await this.assertKnown(name);
    return this.#reader(name);
  }

  /** Never throws for what is wrong with a read model: that is what it tells. */
  async standing(name: string): Promise<Standing> {
    const { eventStore, clock } = this.#parts;
    const look = await this.#look(name);
    const course = this.#remember(name, look.position);
    const head = await eventStore.head();
    const { failure = look.failure, ...behind } = await this.#behind(look.position, head);
    const seconds = look.parked.since === null ? 0 : this.#secondsSince(look.parked.since);
    const parked = { subjects: look.parked.subjects, events: look.parked.events, seconds };
    const isStalled = behind.seconds * 1_000 > STALLED_MS && course.stoodFor(clock.now()) > STALLED_MS;
    return {
      name,
      generation: look.generation,
      position: look.position,
      head,
      behind,
      parked,
      lag: { events: behind.events + parked.events, seconds: Math.max(behind.seconds, parked.seconds) },
      rate: await this.#rate(course),
      state:
        failure !== undefined
          ? 'unavailable'
          : (look.state ?? (isStalled ? 'stalled' : isLive(behind) ? 'live' : 'catching-up')),
      failure,
    };
  }

  /** A database that is slow is not asked again before it has answered; one that is away says so to whoever asks. */
  async #sample(): Promise<void> {
    if (this.#isSampling) return;
    this.#isSampling = true;
    try {
      for (const name of await this.names()) this.#remember(name, (await this.#look(name)).position);
    } catch {
      // Without a place for this second the rate is taken over fewer.
    } finally {
      this.#isSampling = false;
    }
  }

  async #look(name: string): Promise<Look> {
    try {
      const reader = await this.#reader(name);
      return await reader.read(async (snapshot) => {
        const [parked = NOTHING_PARKED] = await snapshot.all<Look['parked']>(
          `SELECT count(*) AS subjects, coalesce(sum(waiting), 0) AS events, min(recordedAt) AS since
           FROM ${parkedTable.name}`,
        );
        return { generation: snapshot.generation, position: snapshot.position, parked };
      });
    } catch (failure) {
      return this.#lookWithoutReading(name, failure);
    }
  }

  async #lookWithoutReading(name: string, failure: unknown): Promise<Look> {
    const code = failure instanceof ReadStoreError ? failure.code : 'internal';
    if (code !== 'read-model-loading')
      return { position: 0n, parked: NOTHING_PARKED, state: 'unavailable', failure: code };
    const generations = await this.#parts.readStore.generations.list(name);
    const position = generations.find(({ state }) => state === 'live')?.position ?? 0n;
    return { position, parked: NOTHING_PARKED, state: 'loading' };
  }

  /** A position that the log does not know is one of another log: nothing that lies behind it can be told. */
  async #behind(position: bigint, head: bigint): Promise<Backlog & { readonly failure?: string }> {
    const { eventStore } = this.#parts;
    const events = await eventStore.count({ after: position, upTo: head });
    const reading = events === 0 ? [] : eventStore.readAll({ after: position, limit: 1 });
    const found = await Promise.resolve(reading).catch((failure: unknown) => {
      if (failure instanceof EventStoreError && failure.code === 'event-store-position-unknown')
        return failure;
      throw failure;
    });
    if (found instanceof EventStoreError) return { events, seconds: 0, failure: found.code };
    const [oldest] = found;
    return { events, seconds: oldest === undefined ? 0 : this.#secondsSince(oldest.recordedAt) };
  }

  async #rate(course: Course): Promise<number> {
    const { from, to, seconds } = course.span();
    if (seconds === 0 || to <= from) return 0;
    return (await this.#parts.eventStore.count({ after: from, upTo: to })) / seconds;
  }

  #remember(name: string, position: bigint): Course {
    const course = this.#courses.get(name) ?? new Course();
    this.#courses.set(name, course);
    course.add(this.#parts.clock.now(), position);
    return course;
  }

  #reader(name: string): Promise<ReadModelReader> {
    const known = this.#readers.get(name);
    if (known !== undefined) return known;
    const opening = this.#parts.readStore.openReader(name);
    this.#readers.set(name, opening);
    opening.catch(() => this.#readers.delete(name));
    return opening;
  }

  #secondsSince(time: number): number {
    return Math.max(0, this.#parts.clock.now() - time) / 1_000;
  }
}

function isLive({ events, seconds }: Backlog): boolean {
  return events === 0 || seconds * 1_000 <= MAX_LIVE_LAG_MS;
}
