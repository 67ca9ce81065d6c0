import { setTimeout as delay } from 'node:timers/promises';
import { choose, type Weighted } from '../choose.ts';
import { type Surroundings, TIMELINE } from './surroundings.ts';

const LOOK_MS = 50;
const MIN_PAUSE_MS = 300;
const MAX_PAUSE_MS = 2_000;
const MAX_JOB_MS = 60_000;

/** Rolls back, repairs and retries, whatever else is going on. */
export class Mechanic {
  readonly #at: Surroundings;

  constructor(at: Surroundings) {
    this.#at = at;
  }

  async run(): Promise<void> {
    const { random, signal } = this.#at;
    const actions: readonly Weighted<() => Promise<void>>[] = [
      [2, () => this.#rollBack()],
      [2, () => this.#repair()],
      [1, () => this.#retry()],
    ];
    while (!signal.aborted) {
      await delay(MIN_PAUSE_MS + random() * (MAX_PAUSE_MS - MIN_PAUSE_MS), undefined, { signal }).catch(
        () => {},
      );
      if (!signal.aborted) await choose(actions, random)();
    }
  }

  async #rollBack(): Promise<void> {
    const { client } = this.#at;
    const answer = await client.insist(`${TIMELINE}/rollback`, { method: 'POST' }, [200, 404]);
    client.ledger.count(`rollbacks ${answer?.status}`);
  }

  async #repair(): Promise<void> {
    const { client, random } = this.#at;
    const { accounts } = client.ledger;
    const account = accounts[Math.floor(random() * accounts.length)];
    const customer =
      account && (await client.customerOf(account, client.ledger.of(account)[0]?.position ?? 0n));
    if (customer === undefined || customer === '') return;
    const path = `${TIMELINE}/customers/${customer}/repair`;
    const answer = await client.insist(path, { method: 'POST' }, [202, 409]);
    if (answer?.status === 202) await this.#done((JSON.parse(answer.text) as { job: string }).job);
  }

  async #retry(): Promise<void> {
    const { client } = this.#at;
    const answer = await client.insist(`${TIMELINE}/parked/retry`, { method: 'POST' }, [202]);
    if (answer !== undefined && !answer.text.includes('"asked":0'))
      client.ledger.find(`somebody is parked whom nothing was wrong with: ${answer.text}`);
  }

  async #done(job: string): Promise<void> {
    const { client } = this.#at;
    const end = performance.now() + MAX_JOB_MS;
    for (;;) {
      const found = await client.ask(`${TIMELINE}/jobs/${job}`);
      const { state = '' } = found === undefined ? {} : (JSON.parse(found.text) as { state?: string });
      if (state === 'done') return client.ledger.count('repairs');
      if (state === 'failed' || performance.now() > end)
        return client.ledger.find(`a repair: ${found?.text}`);
      await delay(LOOK_MS);
    }
  }
}
