import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { Outcome } from '@touchline/journal';
import type { Messaging } from '@touchline/messaging';
import type { Checkpoints } from '@touchline/messaging/checkpoints';
import { openSqliteCheckpoints } from '@touchline/messaging/sqlite';
import { MemoryBroker, MemoryMessaging } from '@touchline/messaging/testing';
import { createLogger } from '@touchline/service-kit';
import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import { until } from '../../../test/support/until.ts';
import { Relay, type RelayParts } from '../relay.ts';
import { relayTopics } from '../topics.ts';
import { KnownCustomers } from './known-customers.ts';

const NOW = Date.parse('2026-11-22T09:00:00Z');
/** Waits are short, so that what fails is soon tried again. */
const SHORT = { pollMs: 10, maxRestMs: 10, firstRetryMs: 5, maxRetryMs: 20 };
const PATIENCE_MS = 20_000;

export const TOPICS = relayTopics('touchline.');

/** Relays on a real log and a broker in memory. */
export class RelayScene {
  readonly broker = new MemoryBroker();
  readonly customers = new KnownCustomers();
  readonly backing: Backing;
  readonly #folder: string;
  readonly #running = new Map<Relay, { readonly messaging: Messaging; readonly checkpoints: Checkpoints }>();

  private constructor(folder: string, backing: Backing) {
    this.#folder = folder;
    this.backing = backing;
  }

  static async open(): Promise<RelayScene> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-relay-'));
    return new RelayScene(folder, await openBacking({ dataFolder: folder }));
  }

  openCheckpoints(): Promise<Checkpoints> {
    return openSqliteCheckpoints({ file: join(this.#folder, 'relay.sqlite') });
  }

  /** A relay as a process of its own has it. */
  async start(parts: Partial<RelayParts> = {}): Promise<Relay> {
    const messaging = new MemoryMessaging(this.broker);
    const checkpoints = await this.openCheckpoints();
    const { journal, eventStore } = this.backing;
    const relay = Relay.start({
      journal,
      eventStore,
      customers: this.customers,
      messaging,
      checkpoints,
      topics: TOPICS,
      mode: 'structured',
      examiner: { catalogue, clock: { now: () => NOW }, defaultRegion: 'CN' },
      logger: createLogger({ level: 'silent' }),
      ...parts,
      limits: { ...SHORT, ...parts.limits },
    });
    this.#running.set(relay, { messaging, checkpoints });
    return relay;
  }

  async stop(relay: Relay): Promise<void> {
    await relay.close();
    const opened = this.#running.get(relay);
    this.#running.delete(relay);
    await opened?.messaging.close();
    await opened?.checkpoints.close();
  }

  record(...events: object[]): Promise<readonly Outcome[]> {
    return this.backing.journal.record(events.map((event) => touchpoint(event)));
  }

  /** Waits until touchpoints have been acknowledged up to the end of the log, or to `position`. */
  async published(position?: bigint): Promise<void> {
    const checkpoints = await this.openCheckpoints();
    const head = position ?? (await this.backing.journal.head());
    await until(
      async () => (await checkpoints.position('touchpoints')) === head,
      'touchpoints are published',
      PATIENCE_MS,
    );
    await checkpoints.close();
  }

  async close(): Promise<void> {
    for (const relay of [...this.#running.keys()]) await this.stop(relay);
    await this.backing.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** A valid touchpoint from the parts that matter to a test. */
export function touchpoint(event: object): Touchpoint {
  const parsed = catalogue.parse(cloudEvent(event), { now: NOW });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.touchpoint;
}

export function cloudEvent(event: object): Record<string, unknown> {
  return {
    specversion: '1.0',
    source: '/test',
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    department: 'service',
    data: {},
    ...event,
  };
}
