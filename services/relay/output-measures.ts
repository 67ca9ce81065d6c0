import type { Logger } from '@touchline/service-kit';
import { codeOf } from './relay-error.ts';

/** What the relay has done and what failed, as plain numbers: metrics are written only when somebody asks for them. */
export class OutputMeasures {
  readonly published = new Map<string, number>();
  /** By part and code. */
  readonly failures = new Map<string, { readonly part: string; readonly code: string; count: number }>();
  readonly received = { accepted: 0, duplicate: 0, rejected: 0 };
  leads = false;
  damagedEvents = 0;
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What publishing to one output tells. */
  callbacks(output: string) {
    return {
      onPublished: (messages: number) => {
        this.published.set(output, (this.published.get(output) ?? 0) + messages);
      },
      onFailure: (failure: unknown, retryMs: number) => this.failed(output, failure, retryMs),
    };
  }

  failed(part: string, failure: unknown, retryMs?: number): void {
    const code = codeOf(failure);
    const known = this.failures.get(`${part} ${code}`);
    if (known === undefined) this.failures.set(`${part} ${code}`, { part, code, count: 1 });
    else known.count += 1;
    this.#logger.warn({ part, code, retryMs, err: failure }, 'relay failed and tries again');
  }

  damaged(events: number): void {
    if (events === 0) return;
    this.damagedEvents += events;
    this.#logger.error({ events }, 'damaged events published as far as they can be read');
  }
}
