import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokenStore } from '@touchline/access';
import { type Backing, openBacking } from '@touchline/backing';
import type { RecordedTouchpoint } from '@touchline/journal';
import {
  type Claim,
  defineTable,
  type Job,
  type JobChange,
  Projector,
  type ReadModel,
} from '@touchline/read-store';
import {
  type App,
  adminTokens,
  type Clock,
  createLogger,
  createServer,
  StoredTokens,
  TokenRegister,
} from '@touchline/service-kit';
import { catalogue } from '@touchline/touchpoints';
import { ReadModels } from '../read-models.ts';
import { type ReplayBacking, replay } from '../replay-service.ts';

const TOKEN = 'test-token-0123456789';
const MAX_FOLD_MS = 20_000;
const WORKER: Claim = { worker: 'w1', kinds: ['rebuild', 'retry', 'repair'], leaseMs: 30_000 };

const counts = defineTable<{ subject: string; touchpoints: number }>({
  name: 'counts',
  columns: { subject: 'text', touchpoints: 'integer' },
  key: ['subject'],
});

/** The service before a log, keys and a small read model on real files, folded in this thread while the test says so. */
export class ReplayFixture {
  readonly backing: Backing;
  readonly app: App;
  readonly readModels: ReadModels;
  readonly replayBacking: ReplayBacking;
  /** Folding a touchpoint with one of these ids throws. */
  readonly failing = new Set<string>();
  readonly #folder: string;
  readonly #clock: MovableClock;
  readonly #tokens: TokenRegister;
  readonly #log: readonly string[];
  #folding: { stop: AbortController; running: Promise<void> } | undefined;

  private constructor(folder: string, backing: Backing, served: Served) {
    this.#folder = folder;
    this.backing = backing;
    this.app = served.app;
    this.readModels = served.replayBacking.readModels;
    this.replayBacking = served.replayBacking;
    this.#clock = served.clock;
    this.#tokens = served.tokens;
    this.#log = served.log;
  }

  /** `readStore` as `TOUCHLINE_READ_STORE`. */
  static async open({ readStore }: { readStore?: string } = {}): Promise<ReplayFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-replay-'));
    const backing = await openBacking({ dataFolder: folder, readStore });
    return new ReplayFixture(folder, backing, await serve(folder, backing));
  }

  readonly readModel: ReadModel<RecordedTouchpoint> = {
    name: 'counts',
    routing: {
      name: 'nobody',
      version: 1,
      tables: [],
      fold: () => {},
      customerOf: (subject) => subject,
      subjectsOf: (subject) => [subject],
    },
    projections: [
      {
        name: 'counts',
        version: 1,
        tables: [counts as never],
        fold: ({ subject, touchpoint }, rows) => {
          if (this.failing.has(touchpoint.id)) throw new Error('this touchpoint cannot be counted');
          const before = rows.get(counts, subject)?.touchpoints ?? 0;
          rows.put(counts, { subject, touchpoints: before + 1 });
        },
      },
    ],
  };

  /** Milliseconds the service's clock is ahead. */
  set aheadMs(aheadMs: number) {
    this.#clock.aheadMs = aheadMs;
  }

  get folder(): string {
    return this.#folder;
  }

  async startFolding(): Promise<void> {
    const stop = new AbortController();
    const generation = await this.backing.readStore.openLive(this.readModel);
    const projector = new Projector({ readModel: this.readModel, generation, source: this.backing.journal });
    this.#folding = { stop, running: projector.run(stop.signal) };
  }

  async stopFolding(): Promise<void> {
    this.#folding?.stop.abort();
    await this.#folding?.running;
    this.#folding = undefined;
  }

  /** Records a note each, and waits until they are folded if somebody folds. */
  async record(
    ...notes: readonly { id: string; subject?: string; data?: object; type?: string }[]
  ): Promise<void> {
    const outcomes = await this.backing.journal.record(notes.map(touchpoint));
    if (outcomes.some(({ ok }) => !ok)) throw new Error(JSON.stringify(outcomes));
    if (this.#folding === undefined) return;
    const reader = await this.backing.readStore.openReader(this.readModel);
    await reader.reached(await this.backing.journal.head(), { signal: AbortSignal.timeout(MAX_FOLD_MS) });
    await reader.close();
  }

  subjectOf(identifier: string): string {
    return this.backing.journal.identify(identifier).subject;
  }

  get(path: string, headers: Record<string, string> = {}) {
    return this.app.inject({ url: `/v1/${path}`, headers: { ...this.bearer, ...headers } });
  }

  post(path: string, payload?: object) {
    const request = { method: 'POST', url: `/v1/${path}`, headers: this.bearer } as const;
    return this.app.inject(payload === undefined ? request : { ...request, payload });
  }

  delete(path: string) {
    return this.app.inject({ method: 'DELETE', url: `/v1/${path}`, headers: this.bearer });
  }

  /** What the service has logged. */
  log(): string {
    return this.#log.join('');
  }

  readonly bearer = { authorization: `Bearer ${TOKEN}` };

  /** As the process would that folds the read model: takes the next job up. */
  async claim(): Promise<Job> {
    const job = await this.backing.readStore.jobs.claim('counts', WORKER);
    if (job === undefined) throw new Error('there is no job to claim');
    return job;
  }

  report(job: Job, change: JobChange): Promise<Job | undefined> {
    return this.backing.readStore.jobs.report(job, WORKER, change);
  }

  async close(): Promise<void> {
    await this.app.close();
    this.readModels.close();
    await this.stopFolding();
    await this.#tokens.close();
    await this.backing.close();
    await rm(this.#folder, { recursive: true });
  }
}

class MovableClock implements Clock {
  aheadMs = 0;

  now(): number {
    return Date.now() + this.aheadMs;
  }
}

interface Served {
  readonly clock: MovableClock;
  readonly app: App;
  readonly replayBacking: ReplayBacking;
  readonly tokens: TokenRegister;
  readonly log: readonly string[];
}

async function serve(dataFolder: string, backing: Backing): Promise<Served> {
  const clock = new MovableClock();
  const log: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line) => void log.push(line) } });
  const readModels = new ReadModels({ ...backing, clock });
  const store = await openTokenStore({ tokenStore: 'sqlite:', dataFolder });
  const tokens = new TokenRegister({ store, clock, logger });
  await tokens.start();
  const replayBacking = { ...backing, readModels, tokens, clock };
  const app = await createServer({
    services: [{ service: replay, backing: replayBacking }],
    access: new StoredTokens({ admin: adminTokens(TOKEN), known: tokens.known }),
    logger,
    config: { host: '127.0.0.1', port: 0 },
    checkAnswers: true,
  });
  return { clock, app, replayBacking, tokens, log };
}

function touchpoint(note: { id: string; subject?: string; data?: object; type?: string }) {
  const parsed = catalogue.parse(
    {
      specversion: '1.0',
      source: '/test',
      type: 'touchline.note.added.v1',
      time: '2026-03-01T10:00:00+08:00',
      department: 'service',
      subject: 'account:shop:1',
      data: {},
      ...note,
    },
    { now: Date.parse('2026-11-22T09:00:00Z') },
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.touchpoint;
}
