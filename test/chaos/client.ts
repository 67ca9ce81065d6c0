import { setTimeout as delay } from 'node:timers/promises';
import { isProblemCode } from '@touchline/service-kit';
import type { Installation } from '../support/shapes.ts';
import type { Ledger } from './ledger.ts';
import type { Storm } from './storm.ts';

const MAX_PATIENCE_MS = 45_000;
const RETRY_MS = 100;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly url: string;
}

/** Asks over HTTP, and holds every answer against what the API promises: an answer, or a documented 503. */
export class Client {
  readonly ledger: Ledger;
  readonly #touchline: Installation;
  readonly #storm: Storm;

  constructor(touchline: Installation, storm: Storm, ledger: Ledger) {
    this.#touchline = touchline;
    this.#storm = storm;
    this.ledger = ledger;
  }

  /** `undefined` when the process that answers is away, or says that something it needs is. */
  async ask(path: string, init: RequestInit = {}): Promise<Answer | undefined> {
    const from = performance.now();
    let answer: Response;
    let text: string;
    try {
      answer = await this.#touchline.at(path).fetch(path, init);
      text = await answer.text();
    } catch (failure) {
      if (!init.signal?.aborted && !this.#storm.excuses(path, from))
        this.ledger.find(`${path} broke off by itself: ${failure} ${(failure as Error).cause}`);
      return undefined;
    }
    if (answer.status !== 503) {
      if (answer.status >= 500) this.ledger.find(`${path} answered ${answer.status}: ${text}`);
      return { status: answer.status, text, headers: answer.headers, url: answer.url };
    }
    const { code } = JSON.parse(text) as { code?: unknown };
    this.ledger.count(`503 ${code}`);
    if (!isProblemCode(code)) this.ledger.find(`${path} answered 503 with a code that nobody knows: ${text}`);
    if (answer.headers.get('retry-after') === null)
      this.ledger.find(`${path} answered 503 without saying when to ask again: ${text}`);
    return undefined;
  }

  /** Asks until it is answered with one of `statuses`. What must not be answered is a finding, and ends it. */
  async insist(path: string, init: RequestInit, statuses: readonly number[]): Promise<Answer | undefined> {
    const end = performance.now() + MAX_PATIENCE_MS;
    for (;;) {
      const answer = await this.ask(path, init);
      if (answer !== undefined && statuses.includes(answer.status)) return answer;
      if (answer !== undefined || performance.now() > end) {
        const what = answer === undefined ? `nothing within ${MAX_PATIENCE_MS} ms` : answer.text;
        this.ledger.find(`${init.method ?? 'GET'} ${path} answered ${answer?.status ?? ''} ${what}`);
        return undefined;
      }
      await delay(RETRY_MS);
    }
  }

  /** A write of a person that is safe to repeat. */
  async decide<T>(path: string, body: object, key: string, position: bigint): Promise<T | undefined> {
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': key,
      'touchline-min-position': String(position),
    };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await this.insist(path, init, [200, 201]);
    return answer && (JSON.parse(answer.text) as T);
  }

  async read<T>(path: string, position: bigint): Promise<T | undefined> {
    const headers = { 'touchline-min-position': String(position) };
    const answer = await this.insist(path, { headers }, [200]);
    return answer && (JSON.parse(answer.text) as T);
  }

  /** Id of the customer of an account. */
  async customerOf(account: string, position: bigint): Promise<string | undefined> {
    const path = `/v1/customers?identifier=${encodeURIComponent(account)}`;
    const found = await this.read<{ items: { customerid: string }[] }>(path, position);
    if (found?.items.length === 1) return found.items[0]?.customerid;
    if (found !== undefined)
      this.ledger.find(`${account} leads to ${found.items.length} customers at ${position}`);
    return undefined;
  }
}
