import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError } from '../commands/command-error.ts';
import { advise, connectionProblem, describe, jsonOrNothing } from '../rest/failure-words.ts';

const REQUEST_TIMEOUT_MS = 120_000;
const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 12, firstWaitMs: 200, maxWaitMs: 15_000 };

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
}

export interface Target {
  /** Address of a Touchline: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string | undefined;
}

export interface IntakeOptions {
  /** Checks and records nothing. */
  readonly validateOnly?: boolean;
  readonly retry?: RetryPolicy;
  /** Told before each wait. */
  readonly onRetry?: (reason: string, waitMs: number) => void;
}

const rejection = z.object({
  index: z.int().min(0),
  source: z.string().nullish(),
  id: z.string().nullish(),
  code: z.string(),
  detail: z.string().nullish(),
  errors: z.array(z.unknown()).nullish(),
});

const batchSummary = z.object({
  accepted: z.int().min(0),
  duplicates: z.int().min(0),
  rejected: z.int().min(0),
  position: z.string().nullish(),
  rejections: z.array(rejection),
});

/** What intake answers to a batch. */
export type BatchSummary = z.infer<typeof batchSummary>;
export type BatchRejection = z.infer<typeof rejection>;

/** What became of a batch; `too-large` means: send less at a time. */
export type BatchOutcome =
  | { readonly ok: true; readonly summary: BatchSummary }
  | { readonly ok: false; readonly code: 'too-large' };

/** Sends batches of touchpoints to the front door of a Touchline. */
export class IntakeClient {
  readonly #target: Target;
  readonly #options: IntakeOptions;

  constructor(target: Target, options: IntakeOptions = {}) {
    this.#target = target;
    this.#options = options;
  }

  /**
   * Sends one touchpoint a line. Repeats on 429, 5xx and lost connections, with growing waits: sending again is safe,
   * the log recognises what it has. Throws `CommandError`: `failed` when that does not help, or nothing would,
   * `interrupted` when told to stop while waiting.
   */
  async send(ndjson: Buffer, stop: AbortSignal): Promise<BatchOutcome> {
    const { maxAttempts, firstWaitMs, maxWaitMs } = this.#options.retry ?? DEFAULT_RETRY;
    for (let attempt = 1; ; attempt++) {
      const result = await this.#attempt(ndjson);
      if ('outcome' in result) return result.outcome;
      if (attempt >= maxAttempts)
        throw new CommandError('failed', `Gave up after ${attempt} attempts: ${result.reason}`);
      const waitMs = Math.max(result.retryAfterMs, Math.min(maxWaitMs, firstWaitMs * 2 ** (attempt - 1)));
      this.#options.onRetry?.(result.reason, waitMs);
      await sleep(waitMs, undefined, { signal: stop }).catch(() => {
        throw new CommandError('interrupted', `Stopped while waiting to try again: ${result.reason}`);
      });
    }
  }

  async #attempt(
    ndjson: Buffer,
  ): Promise<{ outcome: BatchOutcome } | { reason: string; retryAfterMs: number }> {
    const url = new URL(`/v1/events${this.#options.validateOnly ? '?validate=only' : ''}`, this.#target.url);
    const headers: Record<string, string> = { 'content-type': 'application/x-ndjson' };
    if (this.#target.token !== undefined) headers.authorization = `Bearer ${this.#target.token}`;
    const request = {
      method: 'POST',
      headers,
      body: ndjson,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, request);
      text = await response.text();
    } catch (error) {
      return { reason: connectionProblem(error, this.#target.url, REQUEST_TIMEOUT_MS), retryAfterMs: 0 };
    }
    if (response.ok) return { outcome: { ok: true, summary: readSummary(text, this.#target.url) } };
    if (response.status === 413) return { outcome: { ok: false, code: 'too-large' } };
    const reason = `${url.origin} answered ${response.status}${describe(text)}`;
    if (response.status !== 429 && response.status < 500)
      throw new CommandError('failed', advise(response.status, reason));
    return { reason, retryAfterMs: Number(response.headers.get('retry-after') ?? 0) * 1_000 || 0 };
  }
}

function readSummary(text: string, url: string): BatchSummary {
  const parsed = batchSummary.safeParse(jsonOrNothing(text));
  if (parsed.success) return parsed.data;
  throw new CommandError('failed', `${url} does not answer as a Touchline does: is the address right?`);
}
