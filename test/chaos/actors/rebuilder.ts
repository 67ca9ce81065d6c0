import { setTimeout as delay } from 'node:timers/promises';
import { parkedTable } from '@touchline/read-store';
import { choose, type Weighted } from '../choose.ts';
import type { Answer } from '../client.ts';
import { FINISHED, type Surroundings, TIMELINE } from './surroundings.ts';

const LOOK_MS = 50;
const MAX_PAUSE_MS = 200;
const MAX_JOB_MS = 60_000;

interface Rebuild {
  readonly job: string;
  readonly state: string;
  readonly wish: string | null;
  readonly failure: string | null;
  readonly postedtime: string;
  readonly verification: {
    readonly equal: boolean;
    readonly tables: readonly { readonly table: string; readonly equal: boolean }[];
    readonly differences: readonly { readonly table: string }[];
  } | null;
}

/** Rebuilds, and steers rebuilds as a person would who cannot make up his mind. */
export class Rebuilder {
  readonly #at: Surroundings;

  constructor(at: Surroundings) {
    this.#at = at;
  }

  async run(): Promise<void> {
    const { random, signal } = this.#at;
    const actions: readonly Weighted<() => Promise<void>>[] = [
      [4, () => this.#promotedByItself()],
      [3, () => this.#promotedByHand()],
      [2, () => this.#pausedAndResumed()],
      [2, () => this.#cancelled()],
      [2, () => this.#verified()],
    ];
    while (!signal.aborted) {
      await choose(actions, random)();
      await delay(random() * MAX_PAUSE_MS);
    }
  }

  async #promotedByItself(): Promise<void> {
    const throttle = this.#at.random() < 0.4 ? { eventspersecond: 1_500 } : {};
    const job = await this.#ask({ promote: 'auto', ...throttle });
    await this.#reaches(job, ['promoted']);
  }

  async #promotedByHand(): Promise<void> {
    const job = await this.#ask({ promote: 'manual' });
    const ready = await this.#reaches(job, ['ready']);
    if (ready?.state !== 'ready') return;
    if (this.#at.random() < 0.3) await this.#steer(job, 'verify');
    if ((await this.#reaches(job, ['ready']))?.state !== 'ready') return;
    await this.#steer(job, 'promote');
    await this.#reaches(job, ['promoted']);
  }

  async #pausedAndResumed(): Promise<void> {
    const job = await this.#ask({ promote: 'auto', eventspersecond: 1_000 });
    await delay(this.#at.random() * 1_000);
    if ((await this.#steer(job, 'pause')) !== 202) return this.#end(job);
    const rested = await this.#reaches(job, ['paused', 'promoted']);
    if (rested?.state === 'paused') await this.#steer(job, 'resume');
    await this.#end(job);
  }

  async #cancelled(): Promise<void> {
    const job = await this.#ask({ promote: 'manual' });
    await delay(this.#at.random() * 1_500);
    await this.#steer(job, 'cancel');
    await this.#reaches(job, ['cancelled']);
  }

  async #verified(): Promise<void> {
    const job = await this.#ask({ promote: 'never' });
    await this.#reaches(job, ['done']);
  }

  async #end(job: string | undefined): Promise<void> {
    await this.#reaches(job, ['promoted']);
  }

  async #ask(more: object): Promise<string | undefined> {
    const { client } = this.#at;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ reason: 'chaos', ...more });
    const answer = await client.insist(
      `${TIMELINE}/rebuilds`,
      { method: 'POST', headers, body },
      [202, 409, 404],
    );
    if (answer?.status === 202) {
      client.ledger.count('rebuilds');
      return (JSON.parse(answer.text) as Rebuild).job;
    }
    // Asked for by a request of ours that a crash cut off after it was written: taken up here.
    if (answer?.status === 409) return this.#unfinished();
    return undefined;
  }

  async #unfinished(): Promise<string | undefined> {
    const page = await this.#at.client.read<{ items: Rebuild[] }>(`${TIMELINE}/rebuilds`, 0n);
    const job = page?.items.find(({ state }) => !FINISHED.includes(state))?.job;
    if (job !== undefined) await this.#steer(job, 'cancel');
    await this.#reaches(job, ['cancelled']);
    return undefined;
  }

  async #steer(job: string | undefined, wish: string): Promise<number | undefined> {
    if (job === undefined) return undefined;
    const path = `${TIMELINE}/rebuilds/${job}/${wish}`;
    const answer: Answer | undefined = await this.#at.client.insist(path, { method: 'POST' }, [202, 409]);
    this.#at.client.ledger.count(`wish ${wish} ${answer?.status}`);
    return answer?.status;
  }

  /** Waits until the job is in one of `states`. A rebuild that differs, fails or goes nowhere is a finding. */
  async #reaches(job: string | undefined, states: readonly string[]): Promise<Rebuild | undefined> {
    if (job === undefined) return undefined;
    const { client } = this.#at;
    const end = performance.now() + MAX_JOB_MS;
    let last: string | undefined;
    while (performance.now() < end) {
      const found = await client.ask(`${TIMELINE}/rebuilds/${job}`);
      last = found?.text ?? last;
      const rebuild = found && (JSON.parse(found.text) as Rebuild);
      if (rebuild !== undefined && rebuild.wish === null) {
        if (rebuild.state === 'differs' && this.#isTroubled(rebuild)) return this.#givenUp(rebuild);
        if (rebuild.state === 'differs' || rebuild.state === 'failed') break;
        if ([...states, ...FINISHED].includes(rebuild.state)) {
          client.ledger.count(`rebuilds ${rebuild.state}`);
          return rebuild;
        }
      }
      await delay(LOOK_MS);
    }
    client.ledger.find(`a rebuild did not come to be ${states.join(' or ')}: ${last}`);
    const cancel = `${TIMELINE}/rebuilds/${job}/cancel`;
    await client.ask(cancel, { method: 'POST' });
    return undefined;
  }

  /**
   * One generation was folded while a key was damaged, and the other was not, or was told of the past anew since: then other events
   * wait in each, or what waits is told otherwise.
   */
  #isTroubled({ verification, postedtime }: Rebuild): boolean {
    if (verification === null) return false;
    const troubled = this.#at.client.ledger.troubledSince(Date.parse(postedtime));
    const { tables, differences } = verification;
    const differing = tables.filter(({ equal }) => !equal).map(({ table }) => table);
    const isShown = differing.every((name) => differences.some(({ table }) => table === name));
    const isOfTroubled = (row: object) => troubled.some((subject) => JSON.stringify(row).includes(subject));
    return differing.includes(parkedTable.name) || (isShown && differences.every(isOfTroubled));
  }

  async #givenUp({ job }: Rebuild): Promise<undefined> {
    this.#at.client.ledger.count('rebuilds of others parked');
    await this.#steer(job, 'cancel');
  }
}
