import { setTimeout as delay } from 'node:timers/promises';
import { choose, type Weighted } from '../choose.ts';
import type { Acknowledged } from '../ledger.ts';
import { isSettled, note, post, type Surroundings } from './surroundings.ts';

interface Event {
  readonly id: string;
  readonly account: string;
  readonly body: object;
}

const ACCOUNTS = 12;
const SETTLED_ACCOUNTS = 6;
const PHONES = 5;
const MAX_LINES = 60;
const MAX_PAUSE_MS = 40;

/** Records touchpoints of some accounts of its own, repeats them, amends them, and decides who is who. */
export class Writer {
  readonly #at: Surroundings;
  readonly #name: string;
  /** Each with the party that it names by an identifier: the other is an id, and may become somebody else's. */
  readonly #merges: { readonly decision: string; readonly account: string; readonly position: bigint }[] = [];
  #last = 0;
  #latest = 0n;

  constructor(name: string, at: Surroundings) {
    this.#name = name;
    this.#at = at;
  }

  async run(): Promise<void> {
    const actions: readonly Weighted<() => Promise<void>>[] = [
      [40, () => this.#post(this.#next())],
      [15, () => this.#upload()],
      [10, () => this.#repeat()],
      [8, () => this.#correct()],
      [4, () => this.#retract()],
      [5, () => this.#merge()],
      [5, () => this.#undo()],
    ];
    while (!this.#at.signal.aborted) {
      await choose(actions, this.#at.random)();
      await delay(this.#at.random() * MAX_PAUSE_MS);
    }
  }

  #next(): Event {
    const { random } = this.#at;
    const at = ++this.#last;
    const account = this.#account();
    const id = `${this.#name}-${at}`;
    // Telephones are seen with several accounts: they link, become shared, and dissolve what they linked.
    const phone = `tel:+861380013800${Math.floor(random() * PHONES)}`;
    const isLinked = !isSettled(account) && random() < 0.3;
    const data = { description: `note ${at} 备注`, ...(isLinked && { customer: { identifiers: [phone] } }) };
    // Late arrivals among them.
    const time = new Date(Date.UTC(2026, 0, 1) + (at - Math.floor(random() * 50)) * 60_000).toISOString();
    return { id, account, body: note(id, account, { time, data }) };
  }

  #account(): string {
    const number = Math.floor(this.#at.random() * ACCOUNTS);
    return `account:shop:${number < SETTLED_ACCOUNTS ? 'settled' : 'moving'}-${this.#name}${number}`;
  }

  async #post(event: Event): Promise<void> {
    const position = await post(this.#at, event);
    if (position !== undefined && position > this.#latest) this.#latest = position;
  }

  /** A summary names no event: each line is then repeated alone, which has to be told the place of the line. */
  async #upload(): Promise<void> {
    const { client, random } = this.#at;
    const events = Array.from({ length: 1 + Math.floor(random() * MAX_LINES) }, () => this.#next());
    const body = events.map((event) => JSON.stringify(event.body)).join('\n');
    const init = { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body };
    const answer = await client.insist('/v1/events', init, [200]);
    if (answer === undefined) return;
    const { accepted, duplicates } = JSON.parse(answer.text) as { accepted: number; duplicates: number };
    if (accepted + duplicates !== events.length)
      client.ledger.find(`${events.length} lines sent, told of others: ${answer.text}`);
    for (const event of events) await this.#post(event);
  }

  async #repeat(): Promise<void> {
    const known = this.#any();
    if (known === undefined) return;
    // Of other content: never recorded, whatever else happens.
    const body = { ...this.#next().body, id: known.id };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    await this.#at.client.insist('/v1/events', init, [409]);
  }

  async #correct(): Promise<void> {
    const { client, random } = this.#at;
    const entry = this.#any();
    if (entry === undefined || client.ledger.retracted.has(entry.eventid)) return;
    const data = { description: `corrected ${random()}` };
    await this.#amend(entry, 'corrections', { data, reason: 'misread' });
    client.ledger.corrected.set(entry.eventid, data);
  }

  async #retract(): Promise<void> {
    const entry = this.#any();
    if (entry === undefined) return;
    this.#at.client.ledger.retracted.add(entry.eventid);
    await this.#amend(entry, 'retraction', { reason: 'never happened' });
  }

  async #amend({ eventid }: Acknowledged, how: string, body: object): Promise<void> {
    const { client } = this.#at;
    const path = `/v1/entries/${eventid}/${how}`;
    const answer = await client.decide<{ position: string | null }>(path, body, this.#key(), this.#latest);
    if (answer?.position) this.#latest = BigInt(answer.position);
    client.ledger.count(how);
  }

  async #merge(): Promise<void> {
    const { client } = this.#at;
    const [a, b] = [this.#any(), this.#any()];
    if (a === undefined || b === undefined || a.account === b.account) return;
    if (isSettled(a.account) || isSettled(b.account)) return;
    const customer = await client.customerOf(a.account, this.#latest);
    if (customer === undefined || (await client.customerOf(b.account, this.#latest)) === customer) return;
    const path = `/v1/customers/${customer}/merge`;
    const body = { with: b.account, reason: 'the same household' };
    const answer = await client.decide<Decision>(path, body, this.#key(), this.#latest);
    client.ledger.count('merges');
    if (!answer?.decision || answer.position === null) return;
    this.#latest = BigInt(answer.position);
    this.#merges.push({ decision: answer.decision, account: b.account, position: this.#latest });
  }

  async #undo(): Promise<void> {
    const { client, random } = this.#at;
    const [merge] = this.#merges.splice(Math.floor(random() * this.#merges.length), 1);
    if (merge === undefined) return;
    const customer = await client.customerOf(merge.account, this.#latest);
    if (customer === undefined) return;
    const path = `/v1/customers/${customer}/unmerge`;
    const body = { decision: merge.decision, reason: 'two households' };
    const answer = await client.decide<Decision>(path, body, this.#key(), this.#latest);
    client.ledger.count('undos');
    if (answer?.position) this.#latest = BigInt(answer.position);
  }

  /** One of its own: nobody else amends it meanwhile. */
  #any(): Acknowledged | undefined {
    const of = this.#at.client.ledger.of(this.#account());
    return of[Math.floor(this.#at.random() * of.length)];
  }

  #key(): string {
    return `${this.#name}-decision-${++this.#last}`;
  }
}

interface Decision {
  readonly decision: string | null;
  readonly position: string | null;
}
