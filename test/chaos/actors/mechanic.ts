import { setTimeout as delay } from 'node:timers/promises';
import { choose, type Weighted } from '../choose.ts';
import { type CustomerJob, endOf } from './customer-job.ts';
import { isInTrouble, parkedOf, type Surroundings, TIMELINE, whyParked } from './surroundings.ts';

const MIN_PAUSE_MS = 300;
const MAX_PAUSE_MS = 2_000;

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
    // A parked customer is retried, not repaired.
    const accounts = client.ledger.accounts.filter((account) => !isInTrouble(account));
    const account = accounts[Math.floor(random() * accounts.length)];
    const customer =
      account && (await client.customerOf(account, client.ledger.of(account)[0]?.position ?? 0n));
    if (customer === undefined || customer === '') return;
    const path = `${TIMELINE}/customers/${customer}/repair`;
    const answer = await client.insist(path, { method: 'POST' }, [202, 409]);
    if (answer?.status !== 202) return;
    const ended = await endOf(client, (JSON.parse(answer.text) as CustomerJob).job);
    if (ended?.state === 'done') client.ledger.count('repairs');
    else client.ledger.find(`a repair: ${JSON.stringify(ended)}`);
  }

  async #retry(): Promise<void> {
    const { client } = this.#at;
    const parked = await parkedOf(client);
    const others = parked?.filter((row) => whyParked(row) === 'other') ?? [];
    if (others.length > 0)
      client.ledger.find(`somebody is parked whom nothing was wrong with: ${JSON.stringify(others)}`);
    await client.insist(`${TIMELINE}/parked/retry`, { method: 'POST' }, [202, 404]);
  }
}
