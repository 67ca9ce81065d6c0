import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresServer } from '../support/postgres-server.ts';
import type { Installation } from '../support/shapes.ts';
import type { Ledger } from './ledger.ts';

const MIN_CALM_MS = 1_500;
const MAX_CALM_MS = 6_000;
/** A connection that broke may be noticed a moment after its process is back. */
const AFTERMATH_MS = 1_000;
const DATABASE = 'postgres';

/** Kills processes, and restarts the database where it is ours, at moments that the random numbers choose. */
export class Storm {
  readonly #touchline: Installation;
  readonly #database: PostgresServer | undefined;
  readonly #ledger: Ledger;
  /** When each victim was hit last, and when it was back. */
  readonly #hits = new Map<string, { readonly from: number; until: number }>();

  constructor(touchline: Installation, ledger: Ledger, database?: PostgresServer) {
    this.#touchline = touchline;
    this.#ledger = ledger;
    this.#database = database;
  }

  async rage(random: () => number, signal: AbortSignal): Promise<void> {
    const victims = [...this.#touchline.services, ...(this.#database === undefined ? [] : [DATABASE])];
    for (;;) {
      const calmMs = MIN_CALM_MS + random() * (MAX_CALM_MS - MIN_CALM_MS);
      await delay(calmMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const victim = victims[Math.floor(random() * victims.length)] ?? '';
      await this.hit(victim, random() < 0.5 ? 'fast' : 'crash');
    }
  }

  async hit(victim: string, how: 'fast' | 'crash'): Promise<void> {
    const hit = { from: performance.now(), until: Number.POSITIVE_INFINITY };
    this.#hits.set(victim, hit);
    this.#ledger.count(`killed ${victim}`);
    if (victim === DATABASE) {
      await this.#database?.stop(how);
      await this.#database?.start();
    } else await this.#touchline.crash(victim);
    hit.until = performance.now() + AFTERMATH_MS;
  }

  /** Whether the process that answers `path` was away at some moment since `from`, or a process it asks. */
  excuses(path: string, from: number): boolean {
    const asked = [this.#touchline.serviceAt(path), 'timeline'];
    return asked.some((service) => (this.#hits.get(service)?.until ?? 0) > from);
  }
}
