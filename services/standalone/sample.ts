import type { Backing } from '@touchline/backing';
import { generateSample } from '@touchline/cli/sample';
import type { ReadModelReader } from '@touchline/read-store';
import { eventIdOf, type Touchpoint } from '@touchline/touchpoints';
import type { Logger } from 'pino';

/** Small enough to be there before the browser is, large enough to be worth a look. */
const EVENTS = 3_000;
const COMPANY = { customers: 200, events: EVENTS, seed: 1 };
const BATCH_EVENTS = 500;
const MAX_WAIT_MS = 20_000;

type Needs = Pick<Backing, 'eventStore' | 'journal' | 'catalogue'> & {
  reader: ReadModelReader;
  logger: Logger;
};

/**
 * Fills an empty log with a made-up company, so that the first page is alive. A log that holds the beginning of it and nothing
 * else, because loading was interrupted, gets the rest.
 */
export class Sample {
  readonly #needs: Needs;
  readonly #ending = new AbortController();
  #loading: Promise<unknown> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Answers how many touchpoints it recorded; nothing when it was closed before the end. Without it everything works as well. */
  load(): Promise<number | undefined> {
    const loading = this.#load().catch((err: unknown) => {
      this.#needs.logger.warn({ err }, 'the sample could not be loaded');
      return 0;
    });
    this.#loading = loading;
    return loading;
  }

  /** What was recorded stays. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#loading;
  }

  async #load(): Promise<number | undefined> {
    const { journal, catalogue, reader, logger } = this.#needs;
    const { signal } = this.#ending;
    if (signal.aborted) return undefined;
    if (!(await this.#isMissing())) return 0;
    let recorded = 0;
    for (const batch of batches(catalogue)) {
      if (signal.aborted) return undefined;
      for (const outcome of await journal.record(batch)) if (outcome.ok && !outcome.duplicate) recorded++;
    }
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(MAX_WAIT_MS)]);
    await reader.reached(await journal.head(), { signal: waiting }).catch(() => {
      if (!signal.aborted) logger.warn('the sample is recorded and not yet folded');
    });
    return signal.aborted ? undefined : recorded;
  }

  async #isMissing(): Promise<boolean> {
    const { eventStore } = this.#needs;
    const logged: string[] = [];
    for (let after = 0n; logged.length < EVENTS; ) {
      const page = await eventStore.readAll({ after, limit: BATCH_EVENTS });
      const last = page.at(-1);
      if (last === undefined) break;
      for (const { id } of page) logged.push(id);
      after = last.position;
    }
    if (logged.length === 0) return true;
    if (logged.length >= EVENTS) return false;
    const ids = new Set<string>();
    for (const { source, id } of generateSample(COMPANY)) ids.add(eventIdOf(source, id));
    return [...ids].slice(0, logged.length).every((id, place) => id === logged[place]);
  }
}

function* batches(catalogue: Needs['catalogue']): Iterable<Touchpoint[]> {
  let batch: Touchpoint[] = [];
  for (const event of generateSample(COMPANY)) {
    const parsed = catalogue.parse(event, { now: Date.now() });
    if (!parsed.ok)
      throw new Error(`the sample is not valid: ${parsed.errors[0]?.pointer} ${parsed.errors[0]?.detail}`);
    batch.push(parsed.touchpoint);
    if (batch.length < BATCH_EVENTS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
