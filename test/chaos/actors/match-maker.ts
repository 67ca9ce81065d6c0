import { setTimeout as delay } from 'node:timers/promises';
import { note, post, type Surroundings } from './surroundings.ts';

const ENTRIES = 5;
const MAX_PAUSE_MS = 500;

interface Decision {
  readonly decision: string | null;
  readonly position: string | null;
}

/** Merges two customers whom nobody else touches, and takes them apart again: both timelines are what they were, byte by byte. */
export class MatchMaker {
  readonly #at: Surroundings;
  readonly #accounts: readonly [string, string];
  readonly #name: string;
  #position = 0n;

  constructor(name: string, at: Surroundings) {
    this.#name = name;
    this.#at = at;
    this.#accounts = [`account:shop:still-${name}-a`, `account:shop:still-${name}-b`];
  }

  async run(): Promise<void> {
    const { signal, random } = this.#at;
    for (const account of this.#accounts)
      for (let at = 0; at < ENTRIES; at++) {
        const time = `2026-02-0${1 + Math.floor(random() * 9)}T10:00:00+08:00`;
        const id = `${account}-${at}`;
        this.#reached(await post(this.#at, { id, account, body: note(id, account, { time }) }));
      }
    const before = await this.#timelines();
    for (let round = 0; !signal.aborted; round++) {
      await this.#mergeAndUndo(round, before);
      await delay(random() * MAX_PAUSE_MS);
    }
  }

  async #mergeAndUndo(round: number, before: readonly string[]): Promise<void> {
    const { client } = this.#at;
    const [a, b] = this.#accounts;
    const customer = await client.customerOf(a, this.#position);
    const merged = await this.#decide(`/v1/customers/${customer}/merge`, { with: b }, `${round}-merge`);
    if (merged?.decision == null) return client.ledger.find(`not merged: ${JSON.stringify(merged)}`);
    const [one, other] = await this.#timelines();
    if (one !== other) client.ledger.find(`merged, and still two timelines: ${one} ${other}`);
    await delay(this.#at.random() * MAX_PAUSE_MS);
    const again = await client.customerOf(b, this.#position);
    const body = { decision: merged.decision };
    await this.#decide(`/v1/customers/${again}/unmerge`, body, `${round}-undo`);
    const after = await this.#timelines();
    if (JSON.stringify(after) !== JSON.stringify(before))
      client.ledger.find(`merge and undo left other timelines: ${before} ${after}`);
    client.ledger.count('merged and undone');
  }

  async #decide(path: string, body: object, key: string): Promise<Decision | undefined> {
    const said = { ...body, reason: 'a mistake' };
    const decided = await this.#at.client.decide<Decision>(
      path,
      said,
      `${this.#name}-${key}`,
      this.#position,
    );
    if (decided?.position) this.#reached(BigInt(decided.position));
    return decided;
  }

  /** What each account's customer shows, decisions left out: those stay on record. */
  async #timelines(): Promise<string[]> {
    const { client } = this.#at;
    const texts: string[] = [];
    for (const account of this.#accounts) {
      const customer = await client.customerOf(account, this.#position);
      const path = `/v1/customers/${customer}/timeline?limit=500&type=note.added`;
      const headers = { 'touchline-min-position': String(this.#position) };
      texts.push((await client.insist(path, { headers }, [200]))?.text ?? '');
    }
    return texts;
  }

  #reached(position: bigint | undefined): void {
    if (position !== undefined && position > this.#position) this.#position = position;
  }
}
