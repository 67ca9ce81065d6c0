import { type Generation, Projector, type ProjectorOptions } from '../index.ts';
import type { HouseholdEvent } from './households.ts';

export type Projecting = ProjectorOptions<HouseholdEvent>;

/** Runs a projector until everything its source has at the beginning is in the database. */
export async function projectAll(options: Projecting): Promise<Generation> {
  const head = await options.source.head();
  await projectUntil(options, async () => (await options.generation.checkpoint()) >= head);
  return options.generation;
}

/** Runs a projector until `isDone`, by its own steps or somebody else's. Fails with what the projector tells of. */
export async function projectUntil(options: Projecting, isDone: () => Promise<boolean>): Promise<void> {
  if (await isDone()) return;
  const ending = new AbortController();
  let failure: unknown;
  const end = (reason?: unknown): void => {
    failure ??= reason;
    ending.abort();
  };
  const projector = new Projector({
    onFailure: end,
    ...options,
    onStep: (progress) => {
      options.onStep?.(progress);
      isDone().then((done) => done && end(), end);
    },
  });
  const running = projector.run(ending.signal);
  await until(async () => ending.signal.aborted || (await isDone()), 'the log is folded');
  ending.abort();
  await running;
  if (failure !== undefined) throw failure;
}

/** A projector that runs beside the test, as it does in a service. */
export class RunningProjector {
  readonly projector: Projector<HouseholdEvent>;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Projecting) {
    this.projector = new Projector(options);
    this.#running = this.projector.run(this.#ending.signal);
  }

  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }
}

/** Resolves once `isSo`, looked at over and over. */
export async function until(isSo: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  for (let pauseMs = 0; !(await isSo()); pauseMs = Math.min(pauseMs + 1, 5)) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
