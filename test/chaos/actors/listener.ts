import { setTimeout as delay } from 'node:timers/promises';
import type { Installation } from '../../support/shapes.ts';
import { repeatedIn } from '../compare.ts';
import { note, post, type Surroundings } from './surroundings.ts';

const PAUSE_MS = 60;
const MAX_WAIT_MS = 45_000;

/** Records touchpoints of one account and listens to its timeline: each is told once, through promotions and crashes. */
export class Listener {
  readonly #at: Surroundings;
  readonly #touchline: Installation;
  readonly #account: string;
  readonly #told: string[] = [];
  readonly #ending = new AbortController();
  #lastEventId = '';

  constructor(name: string, touchline: Installation, at: Surroundings) {
    this.#account = `account:shop:settled-${name}`;
    this.#touchline = touchline;
    this.#at = at;
  }

  async run(): Promise<void> {
    const first = await this.#post(0);
    const customer = await this.#at.client.customerOf(this.#account, first ?? 0n);
    if (customer === undefined) return;
    this.#lastEventId = String(first);
    const listening = this.#listen(customer);
    for (let at = 1; !this.#at.signal.aborted; at++) {
      await this.#post(at);
      await delay(PAUSE_MS);
    }
    await this.#heardAll();
    this.#ending.abort();
    await listening;
  }

  #post(at: number): Promise<bigint | undefined> {
    const id = `${this.#account}-${at}`;
    return post(this.#at, { id, account: this.#account, body: note(id, this.#account) });
  }

  async #heardAll(): Promise<void> {
    const { ledger } = this.#at.client;
    const wanted = ledger.of(this.#account).slice(1);
    const end = performance.now() + MAX_WAIT_MS;
    const missing = () => wanted.filter(({ id }) => !this.#told.includes(id));
    while (missing().length > 0 && performance.now() < end) await delay(PAUSE_MS);
    // What is told once more would be told now.
    await delay(10 * PAUSE_MS);
    if (missing().length > 0) ledger.find(`never told: ${missing().map(({ id }) => id)}`);
    const repeated = repeatedIn(this.#told);
    if (repeated.length > 0) ledger.find(`told twice: ${repeated}`);
    ledger.count('entries told live', this.#told.length);
  }

  async #listen(customer: string): Promise<void> {
    const path = `/v1/customers/${customer}/timeline/live`;
    const headers = () => ({ accept: 'text/event-stream', 'last-event-id': this.#lastEventId });
    while (!this.#ending.signal.aborted) {
      try {
        const init = { headers: headers(), signal: this.#ending.signal };
        const answer = await this.#touchline.at(path).fetch(path, init);
        if (answer.ok && answer.body !== null) await this.#hear(answer.body);
        else await answer.arrayBuffer();
      } catch {
        // Cut off by a crash: what is missing shows in the end.
      }
      this.#at.client.ledger.count('live streams opened');
      await delay(PAUSE_MS);
    }
  }

  /** Frames that arrived whole count; the rest comes again after the last id. */
  async #hear(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) this.#take(frame);
    }
  }

  #take(frame: string): void {
    const [, id] = /^id: (.*)$/m.exec(frame) ?? [];
    const [, data] = /^data: (.*)$/m.exec(frame) ?? [];
    if (id !== undefined) this.#lastEventId = id;
    if (!/^event: entry$/m.test(frame) || data === undefined) return;
    this.#told.push((JSON.parse(data) as { id: string }).id);
  }
}
