import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openBacking } from '@touchline/backing';
import { generateSample } from '@touchline/cli/sample';
import { openSqliteCheckpoints } from '@touchline/messaging/sqlite';
import { MemoryBroker, MemoryMessaging } from '@touchline/messaging/testing';
import { Relay, type RelayParts, relayTopics } from '@touchline/relay/testing';
import { ReadModels, replay } from '@touchline/replay';
import { adminTokens, createLogger, createServer, systemClock } from '@touchline/service-kit';
import { customerFeed, startFolding, timeline, timelineReadModel } from '@touchline/timeline';
import { catalogue } from '@touchline/touchpoints';
import { expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';

const TOKEN = 'test-token-0123456789';
const SAMPLE = { customers: 40, events: 600, seed: 11 };
const TOPICS = relayTopics('touchline.');
const BUSY_MS = 50;
const PATIENCE_MS = 60_000;
const MINUTES = { timeout: 180_000 };

interface Told {
  readonly customerid: string;
  readonly subjects: readonly string[];
  readonly supersededby?: string;
}

test(
  'the topic of customers says what the service says of each, and a rebuild sends nothing',
  MINUTES,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-relayed-'));
    const installation = await open(folder);
    try {
      const { broker, app, journal, positionOf, ask } = installation;
      await journal.record(sample());
      const head = await journal.head();
      await until(async () => (await positionOf('customers')) === head, 'customers are told', PATIENCE_MS);
      const told = [...broker.compacted(TOPICS.customers).values()].map((text) => JSON.parse(text) as Told);
      expect(told.filter(({ supersededby }) => supersededby === undefined).length).toBeGreaterThan(20);
      expect(told.filter(({ supersededby }) => supersededby !== undefined).length).toBeGreaterThan(0);
      for (const { customerid, subjects, supersededby } of told) {
        const answer = await ask('GET', `/v1/customers/${customerid}/identity`);
        if (supersededby !== undefined) {
          expect([answer.statusCode, answer.headers.location]).toEqual([
            308,
            `/v1/customers/${supersededby}/identity`,
          ]);
          continue;
        }
        expect([answer.statusCode, answer.json().code]).toEqual([200, undefined]);
        const { identifiers } = answer.json() as { identifiers: { subject: string }[] };
        expect([...subjects].sort()).toEqual(identifiers.map(({ subject }) => subject).sort());
      }

      const before = broker.messages(TOPICS.customers).length;
      const rebuilds = '/v1/readmodels/timeline/rebuilds';
      const begun = await ask('POST', rebuilds, { reason: 'a test', promote: 'auto' });
      const path = `${rebuilds}/${begun.json().job}`;
      const state = async () => (await ask('GET', path)).json().state;
      await until(async () => (await state()) === 'promoted', 'the rebuild is promoted', PATIENCE_MS);
      const asked = installation.asked();
      await until(() => installation.asked() > asked + 3, 'the relay has asked again', PATIENCE_MS);
      expect(broker.messages(TOPICS.customers)).toHaveLength(before);
      const events = broker.messages(TOPICS.touchpoints).filter(({ value }) => value !== null);
      expect(events).toHaveLength(Number(head));
      await app.close();
    } finally {
      await installation.close();
      await rm(folder, { recursive: true });
    }
  },
);

function sample() {
  return [...generateSample(SAMPLE)].flatMap((event) => {
    const parsed = catalogue.parse(event, { now: Date.now() });
    return parsed.ok ? [parsed.touchpoint] : [];
  });
}

/** As `standalone` composes it, on a broker in memory. */
async function open(folder: string) {
  const logger = createLogger({ level: 'silent' });
  const backing = await openBacking({ dataFolder: folder });
  const { journal, eventStore } = backing;
  const reader = await backing.readStore.openReader(timelineReadModel(catalogue));
  const { jobs } = backing.readStore;
  const setup = { dataFolder: folder };
  const folding = startFolding({ setup, jobs, journal, keepGenerations: 1, logger });
  const readModels = new ReadModels({ ...backing, clock: systemClock });
  const broker = new MemoryBroker();
  const checkpoints = await openSqliteCheckpoints({ file: join(folder, 'relay.sqlite') });
  const feed = customerFeed(reader);
  let asked = 0;
  const customers: RelayParts['customers'] = {
    ...feed,
    changes(request) {
      asked += 1;
      return feed.changes(request);
    },
  };
  const relay = Relay.start({
    journal,
    eventStore,
    customers,
    messaging: new MemoryMessaging(broker),
    checkpoints,
    topics: TOPICS,
    mode: 'structured',
    examiner: { catalogue, clock: systemClock },
    logger,
    limits: { pollMs: 50, maxRestMs: 50 },
  });
  const app = await createServer({
    services: [
      { service: timeline, backing: { reader, catalogue, journal } },
      { service: replay, backing: { ...backing, readModels } },
    ],
    access: adminTokens(TOKEN),
    logger,
    config: { host: '127.0.0.1', port: 0 },
  });
  return {
    broker,
    app,
    journal,
    asked: () => asked,
    positionOf: (name: string) => checkpoints.position(name),
    async ask(method: 'GET' | 'POST', url: string, payload?: object) {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const send = () => app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
      let answer = await send();
      // A server on a busy machine may say that it has too much to do.
      while (answer.statusCode === 503) {
        await delay(BUSY_MS);
        answer = await send();
      }
      return answer;
    },
    async close(): Promise<void> {
      await relay.close();
      await checkpoints.close();
      readModels.close();
      await folding.close();
      await backing.close();
    },
  };
}
