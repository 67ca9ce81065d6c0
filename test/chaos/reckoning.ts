import { expect } from 'vitest';
import { readLogOf } from '../support/installed-log.ts';
import type { Installation } from '../support/shapes.ts';
import { until } from '../support/until.ts';
import { FINISHED, TIMELINE } from './actors/surroundings.ts';
import { missingFrom, repeatedIn } from './compare.ts';
import type { Ledger } from './ledger.ts';

const MAX_WAIT_MS = 60_000;
const RETRY_ALL = `${TIMELINE}/parked/retry`;

interface Entry {
  readonly id: string;
  readonly source: string;
  readonly eventid: string;
  readonly data: object;
  readonly retracted?: object;
}

/** When the storm is over: every promise is held against what the log holds and what readers are shown. */
export class Reckoning {
  readonly #touchline: Installation;
  readonly #ledger: Ledger;
  readonly #maxWaitMs: number;

  /** `maxWaitMs` is how long a rebuild of the whole log may take. */
  constructor(touchline: Installation, ledger: Ledger, maxWaitMs = MAX_WAIT_MS) {
    this.#touchline = touchline;
    this.#ledger = ledger;
    this.#maxWaitMs = maxWaitMs;
  }

  async hold(): Promise<void> {
    const logged = await this.#idsInLog();
    expect(repeatedIn(logged), 'recorded twice').toEqual([]);
    expect(missingFrom(logged, this.#ledger.ids), 'acknowledged and not in the log').toEqual([]);
    await this.#caughtUp();
    await this.#timelines(logged);
    await this.#noGenerationLeft();
    await this.#verified();
  }

  /** Read from the files themselves. */
  async #idsInLog(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { touchpoint } of readLogOf(this.#touchline))
      if (touchpoint.source === '/chaos') ids.push(touchpoint.id);
    return ids;
  }

  /** Without help; whatever rebuild is left is given up. */
  async #caughtUp(): Promise<void> {
    const rebuilds = async () =>
      (await this.#get<{ items: { job: string; state: string }[] }>(`${TIMELINE}/rebuilds`)).items;
    for (const { job, state } of await rebuilds())
      if (!FINISHED.includes(state))
        await this.#touchline.at(TIMELINE).fetch(`${TIMELINE}/rebuilds/${job}/cancel`, { method: 'POST' });
    const isOver = async () => (await rebuilds()).every(({ state }) => FINISHED.includes(state));
    await until(isOver, 'the last rebuild ends', MAX_WAIT_MS);
    interface Standing {
      readonly position: string;
      readonly head: string;
      readonly parked: { readonly events: number };
      readonly lag: { readonly events: number };
    }
    const isThere = async () => {
      const { position, head } = await this.#get<Standing>(TIMELINE);
      return position === head;
    };
    await until(isThere, 'everything is folded', MAX_WAIT_MS);
    // A rollback may have led back to a generation in which somebody is parked still.
    const nobodyIsParked = async () => {
      const { parked, lag } = await this.#get<Standing>(TIMELINE);
      if (parked.events > 0) await this.#touchline.at(TIMELINE).fetch(RETRY_ALL, { method: 'POST' });
      return lag.events === 0;
    };
    await until(nobodyIsParked, 'nobody is parked any more', MAX_WAIT_MS);
  }

  /** Each once, on the timeline of its account, as it was amended. */
  async #timelines(logged: readonly string[]): Promise<void> {
    const shown = new Map<string, Entry>();
    const told: string[] = [];
    const read = new Set<string>();
    for (const account of this.#ledger.accounts) {
      const customer = await this.#customerOf(account);
      const entries = read.has(customer) ? [] : await this.#entriesOf(customer);
      read.add(customer);
      for (const entry of entries) shown.set(entry.id, entry);
      told.push(...entries.map(({ id }) => id));
      const missing = this.#ledger.of(account).filter(({ id }) => !shown.has(id));
      expect(missing, `acknowledged and not shown to ${account}`).toEqual([]);
    }
    expect(repeatedIn(told), 'shown twice').toEqual([]);
    expect(missingFrom(told, logged), 'in the log and on no timeline').toEqual([]);
    for (const entry of shown.values()) {
      const isRetracted = this.#ledger.retracted.has(entry.eventid);
      expect([entry.id, entry.retracted !== undefined]).toEqual([entry.id, isRetracted]);
      const data = this.#ledger.corrected.get(entry.eventid);
      if (data !== undefined && !isRetracted) expect([entry.id, entry.data]).toEqual([entry.id, data]);
    }
  }

  async #customerOf(account: string): Promise<string> {
    const path = `/v1/customers?identifier=${encodeURIComponent(account)}`;
    const { items } = await this.#get<{ items: { customerid: string }[] }>(path);
    expect(items, account).toHaveLength(1);
    return items[0]?.customerid ?? '';
  }

  async #entriesOf(customer: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const path: string = `/v1/customers/${customer}/timeline?limit=500&include=retracted${cursor}`;
      const page: { items: Entry[]; next: string | null } = await this.#get(path);
      entries.push(...page.items.filter(({ source }) => source === '/chaos'));
      next = page.next;
    }
    return entries;
  }

  /** What a crash left half built is not kept for ever. */
  async #noGenerationLeft(): Promise<void> {
    const states = async () =>
      (await this.#get<{ items: { state: string }[] }>(`${TIMELINE}/generations`)).items.map(
        ({ state }) => state,
      );
    expect((await states()).sort()).toEqual(expect.arrayContaining(['live']));
    expect((await states()).filter((state) => state === 'building')).toEqual([]);
    expect((await states()).filter((state) => state === 'previous').length).toBeLessThanOrEqual(1);
  }

  async #verified(): Promise<void> {
    const path = `${TIMELINE}/rebuilds`;
    const body = JSON.stringify({ reason: 'the reckoning', promote: 'never' });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const { job } = await this.#touchline.at(path).json<{ job: string }>(path, init);
    interface Verified {
      readonly state: string;
      readonly verification: { readonly equal: boolean; readonly differences: readonly object[] } | null;
    }
    let last: Verified | undefined;
    const isOver = async () => {
      last = await this.#get<Verified>(`${path}/${job}`);
      return FINISHED.includes(last.state);
    };
    await until(isOver, 'what is served is compared with the log', this.#maxWaitMs);
    expect(last).toMatchObject({ state: 'done', verification: { equal: true, differences: [] } });
  }

  #get<T>(path: string): Promise<T> {
    return this.#touchline.at(path).json<T>(path);
  }
}
