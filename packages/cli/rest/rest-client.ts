import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { CommandError } from '../commands/command-error.ts';
import type { Target } from '../upload/intake-client.ts';
import { advise, connectionProblem, describe, jsonOrNothing } from './failure-words.ts';

const REQUEST_TIMEOUT_MS = 30_000;
/** How long a server may be away while something on it is followed: long enough for a restart. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 1_000;

type Attempt = { readonly text: string } | { readonly reason: string; readonly mayPass: boolean };

/** Asks a Touchline. Every failure is a `CommandError` with words for a person. */
export class RestClient {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return this.#ask('GET', path, undefined, answer);
  }

  post<T>(path: string, body: object | undefined, answer: z.ZodType<T>): Promise<T> {
    return this.#ask('POST', path, body, answer);
  }

  delete<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return this.#ask('DELETE', path, undefined, answer);
  }

  /** As `get`, and waits for a server that is away for a while. Ends with `interrupted` when `stop` aborts meanwhile. */
  async getPatiently<T>(path: string, answer: z.ZodType<T>, stop: AbortSignal): Promise<T> {
    for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
      const attempt = await this.#attempt('GET', path, undefined);
      if ('text' in attempt) return this.#read(attempt.text, answer);
      if (!attempt.mayPass || waitedMs >= PATIENCE_MS) throw new CommandError('failed', attempt.reason);
      await delay(RETRY_MS, undefined, { signal: stop }).catch(() => {
        throw new CommandError('interrupted', `Stopped while waiting: ${attempt.reason}`);
      });
    }
  }

  async #ask<T>(method: string, path: string, body: object | undefined, answer: z.ZodType<T>): Promise<T> {
    const attempt = await this.#attempt(method, path, body);
    if ('text' in attempt) return this.#read(attempt.text, answer);
    throw new CommandError('failed', attempt.reason);
  }

  async #attempt(method: string, path: string, body: object | undefined): Promise<Attempt> {
    const { url: base, token } = this.#target;
    const url = new URL(path, base);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(url, {
        method,
        headers,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return { text };
      const reason = `${url.origin} answered ${response.status}${describe(text)}`;
      const mayPass = response.status === 429 || response.status >= 500;
      return { reason: advise(response.status, reason), mayPass };
    } catch (error) {
      return { reason: connectionProblem(error, base, REQUEST_TIMEOUT_MS), mayPass: true };
    }
  }

  #read<T>(text: string, answer: z.ZodType<T>): T {
    const parsed = answer.safeParse(jsonOrNothing(text));
    if (parsed.success) return parsed.data;
    throw new CommandError(
      'failed',
      `${this.#target.url} does not answer as this command expects: is the address right, and the version the same?`,
    );
  }
}
