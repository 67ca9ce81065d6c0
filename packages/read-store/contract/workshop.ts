import { expect } from 'vitest';
import {
  doJobs,
  type GenerationRecord,
  type Job,
  LiveProjector,
  type ProjectorLimits,
  type ReadModel,
  type ReadStore,
  Rebuild,
  type RebuildReport,
  type RebuildRequest,
} from '../index.ts';
import { EventList } from './event-list.ts';
import { Fixture } from './fixture.ts';
import type { OpenHarness } from './harness.ts';
import { type HouseholdEvent, households } from './households.ts';
import { letters } from './letters.ts';
import { until } from './projecting.ts';

const LIMITS: Partial<ProjectorLimits> = {
  maxBatchEvents: 50,
  maxStepEvents: 100,
  pauseMs: 2,
  firstRetryMs: 1,
};

export interface Setting {
  readonly fixture: Fixture;
  readonly source: EventList<HouseholdEvent>;
  readonly shop: Workshop;
}

/** A folded log of `events` letters, and somebody who keeps the live generation up with it. Nothing may fail. */
export function inWorkshop(
  open: OpenHarness,
  events: number,
  test: (setting: Setting) => Promise<void>,
): Promise<void> {
  return Fixture.using(open, async (fixture) => {
    const source = new EventList(letters(events));
    const shop = await Workshop.open(fixture, households(), source);
    shop.project();
    try {
      await folded(fixture, source);
      await test({ fixture, source, shop });
      expect(shop.failures).toEqual([]);
    } finally {
      await shop.end();
    }
  });
}

/** Resolves when readers see everything that is in the log. */
export async function folded(fixture: Fixture, source: EventList<HouseholdEvent>): Promise<void> {
  const reader = await fixture.reader(households() as ReadModel<never>);
  const head = await source.head();
  await until(async () => (await reader.position()) >= head, 'the log is folded');
}

/** What a program has at work for a read model: its live projector, and a worker for rebuilds. */
export class Workshop {
  readonly store: ReadStore;
  readonly failures: unknown[] = [];
  readonly #readModel: ReadModel<HouseholdEvent>;
  readonly #source: EventList<HouseholdEvent>;
  #ends: (() => Promise<void>)[] = [];

  private constructor(
    store: ReadStore,
    readModel: ReadModel<HouseholdEvent>,
    source: EventList<HouseholdEvent>,
  ) {
    this.store = store;
    this.#readModel = readModel;
    this.#source = source;
  }

  static async open(
    fixture: Fixture,
    readModel: ReadModel<HouseholdEvent>,
    source: EventList<HouseholdEvent>,
  ): Promise<Workshop> {
    return new Workshop(await fixture.connect(), readModel, source);
  }

  project(): this {
    const projector = new LiveProjector({ ...this.#common(), limits: LIMITS });
    return this.#run((signal) => projector.run(signal));
  }

  work({ keep = 1, slowly = false } = {}): this {
    const limits = slowly ? { ...LIMITS, maxBatchEvents: 5, maxStepEvents: 5 } : LIMITS;
    const options = { ...this.#common(), limits, keep };
    return this.#run((signal) =>
      doJobs(
        {
          readModel: this.#readModel.name,
          board: this.store.jobs,
          work: { rebuild: (hold) => new Rebuild(hold, options).run() },
          onFailure: options.onFailure,
        },
        signal,
      ),
    );
  }

  async rebuild(request: Partial<RebuildRequest> = {}): Promise<Job> {
    return this.store.jobs.post({
      readModel: this.#readModel.name,
      kind: 'rebuild',
      request: { reason: 'test', by: 'test', promote: 'auto', ...request },
    });
  }

  /** The job once it is in one of these states. */
  async reaches(job: Job, ...states: readonly Job['state'][]): Promise<Job & { report: RebuildReport }> {
    let now = job;
    await until(
      async () => {
        now = (await this.store.jobs.find(job.readModel, job.id)) ?? job;
        if (now.state === 'failed' && !states.includes('failed')) throw new Error(JSON.stringify(now.report));
        return states.includes(now.state);
      },
      `the job is ${states.join(' or ')}`,
    );
    return now as Job & { report: RebuildReport };
  }

  /** States of its generations, newest first. */
  async states(): Promise<readonly GenerationRecord['state'][]> {
    return (await this.store.generations.list(this.#readModel.name)).map(({ state }) => state);
  }

  /** Whatever runs here is told to end, and has ended. */
  async end(): Promise<void> {
    await Promise.all(this.#ends.splice(0).map((end) => end()));
  }

  #common() {
    return {
      readModel: this.#readModel,
      readStore: this.store,
      source: this.#source,
      onFailure: (failure: unknown) => this.failures.push(failure),
    };
  }

  #run(work: (signal: AbortSignal) => Promise<void>): this {
    const ending = new AbortController();
    const running = work(ending.signal);
    this.#ends.push(async () => {
      ending.abort();
      await running;
    });
    return this;
  }
}
