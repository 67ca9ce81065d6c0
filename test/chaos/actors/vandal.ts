import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Backing, openBacking } from '@touchline/backing';
import type { Touchpoint } from '@touchline/touchpoints';
import type { Installation } from '../../support/shapes.ts';
import { KeysAtRest } from '../keys-at-rest.ts';
import { patiently } from '../patience.ts';
import { type CustomerJob, endOf } from './customer-job.ts';
import { note, type Parked, parkedOf, post, type Surroundings, TIMELINE, whyParked } from './surroundings.ts';

const LOOK_MS = 50;
const MAX_WAIT_MS = 60_000;
const MAX_PAUSE_MS = 1_500;
const MAX_ENTRIES = 4;

/** A customer in trouble: an account whose key is damaged, and somebody's mail that was seen with it. */
interface Victim {
  readonly account: string;
  readonly mail: string;
  readonly subject: string;
  readonly mailSubject: string;
}

/**
 * Damages the stored key of an account that a process still has in memory and goes on sealing with: nobody else can read what is
 * recorded then. Mends it once the customer is parked, and has it retried.
 */
export class Vandal {
  readonly #touchline: Installation;
  readonly #at: Surroundings;
  readonly #keys: KeysAtRest;

  constructor(touchline: Installation, at: Surroundings) {
    this.#touchline = touchline;
    this.#at = at;
    this.#keys = new KeysAtRest(touchline);
  }

  async run(): Promise<void> {
    const { signal, random } = this.#at;
    const { dataFolder, settings } = this.#touchline;
    const places = { keyStore: settings.TOUCHLINE_KEY_STORE, masterKey: settings.TOUCHLINE_MASTER_KEY };
    const backing = await patiently(() => openBacking({ dataFolder, ...places }));
    try {
      for (let round = 1; !signal.aborted; round++) {
        await this.#round(round, backing);
        await delay(random() * MAX_PAUSE_MS);
      }
    } finally {
      await backing.close();
    }
  }

  async #round(round: number, backing: Backing): Promise<void> {
    const { journal, keyRing } = backing;
    const [account, mail] = [`account:shop:lost-${round}`, `mailto:lost-${round}@example.com`];
    const { subject } = journal.identify(account);
    const victim = { account, mail, subject, mailSubject: journal.identify(mail).subject };
    const entries = 1 + Math.floor(this.#at.random() * MAX_ENTRIES);
    await patiently(() => keyRing.ensure([subject]));
    const whole = await patiently(() => this.#keys.look(subject));
    const { ledger } = this.#at.client;
    ledger.trouble([subject, victim.mailSubject]);
    await patiently(() => this.#keys.put(subject, randomBytes(whole.length)));
    const first = await this.#seal(victim, entries, backing);
    for (let at = 0; at < entries; at++)
      await post(this.#at, { id: `${mail}-${at}`, account: mail, body: note(`${mail}-${at}`, mail) });
    await this.#isParked(victim, first, entries);
    await delay(this.#at.random() * MAX_PAUSE_MS);
    await patiently(() => this.#keys.put(subject, whole));
    await this.#isRetried(victim);
    ledger.untrouble([subject, victim.mailSubject]);
    await post(this.#at, { id: `${account}-live`, account, body: note(`${account}-live`, account) });
  }

  /** Past the front doors, by a process that has the key in memory. Answers the first position. */
  async #seal({ account, mail }: Victim, entries: number, { journal, catalogue }: Backing): Promise<bigint> {
    const { ledger } = this.#at.client;
    const positions: bigint[] = [];
    for (let at = 0; at < entries; at++) {
      const id = `${account}-${at}`;
      const data = { description: `note ${id} 备注`, customer: { identifiers: [mail] } };
      const parsed = catalogue.parse(note(id, account, { data }), { now: Date.now() });
      if (!parsed.ok)
        throw new Error(`the chaos made an invalid touchpoint: ${JSON.stringify(parsed.errors)}`);
      const sealed: Touchpoint = parsed.touchpoint;
      const [outcome] = await patiently(() => journal.record([sealed]));
      if (outcome?.ok !== true) throw new Error(`not recorded: ${JSON.stringify(outcome)}`);
      const { eventid, position } = outcome;
      ledger.acknowledge({ id, account, eventid, position });
      positions.push(position);
    }
    return positions[0] ?? 0n;
  }

  /** Listed from its first event on, with how much waits and why, and counted in the lag; whoever was seen with it waits too. */
  async #isParked(victim: Victim, first: bigint, entries: number): Promise<void> {
    const isListed = async () => {
      const items = await parkedOf(this.#at.client);
      const own = items?.find(({ subject }) => subject === victim.subject);
      const mail = items?.find(({ subject }) => subject === victim.mailSubject);
      const isOwn = own?.waiting === entries && own.position === String(first) && whyParked(own) === 'damage';
      return isOwn && mail?.waiting === entries && whyParked(mail) === 'behind' && this.#isInLag(2 * entries);
    };
    if (await this.#comesTo(isListed)) this.#at.client.ledger.count('parked');
    else
      this.#at.client.ledger.find(`${victim.account} was not parked from ${first} on with ${entries} events`);
  }

  async #isInLag(events: number): Promise<boolean> {
    interface Standing {
      readonly lag: { readonly events: number };
      readonly parked: { readonly events: number };
    }
    const answer = await this.#at.client.ask(TIMELINE);
    if (answer === undefined) return false;
    const { lag, parked } = JSON.parse(answer.text) as Standing;
    return parked.events >= events && lag.events >= parked.events;
  }

  /** By itself or with everybody else; again after a rollback to a generation in which it is parked still. */
  async #isRetried({ account, subject, mailSubject }: Victim): Promise<void> {
    const { client, random } = this.#at;
    const isOfVictim = (row: Parked) => row.subject === subject || row.subject === mailSubject;
    const isAlone = random() < 0.5;
    const isFree = async () => {
      await (isAlone ? this.#retryOne(subject) : this.#retryAll());
      const items = await parkedOf(client);
      return items !== undefined && !items.some(isOfVictim);
    };
    if (await this.#comesTo(isFree)) client.ledger.count(isAlone ? 'retried alone' : 'retried with all');
    else client.ledger.find(`${account} is parked still, though its key is mended`);
  }

  async #retryOne(subject: string): Promise<void> {
    const { client } = this.#at;
    const path = `${TIMELINE}/parked/${subject}/retry`;
    const answer = await client.insist(path, { method: 'POST' }, [202, 409]);
    if (answer?.status !== 202) return;
    const ended = await endOf(client, (JSON.parse(answer.text) as CustomerJob).job);
    if (ended?.state === 'done' && ended.pastkept !== null)
      client.ledger.find(`a retry could not tell the past of three identifiers: ${ended.pastkept}`);
  }

  async #retryAll(): Promise<void> {
    await this.#at.client.insist(`${TIMELINE}/parked/retry`, { method: 'POST' }, [202]);
    await delay(LOOK_MS);
  }

  async #comesTo(isSo: () => Promise<boolean>): Promise<boolean> {
    const end = performance.now() + MAX_WAIT_MS;
    while (performance.now() < end) {
      if (await isSo()) return true;
      await delay(LOOK_MS);
    }
    return false;
  }
}
