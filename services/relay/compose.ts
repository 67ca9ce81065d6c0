import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { Checkpoints } from '@touchline/messaging/checkpoints';
import {
  adminTokenOf,
  type Config,
  ConfigError,
  type Logger,
  type ProcessContext,
  systemClock,
} from '@touchline/service-kit';
import { httpCustomerSource } from './http-customer-source.ts';
import type { CustomerSource } from './outgoing/customer-source.ts';
import { Relay } from './relay.ts';
import { relay } from './relay-service.ts';
import { relayTopics } from './topics.ts';

const SQLITE = 'sqlite:';
/** Looking for appends of other processes is most of what a relay at rest does. Where touchpoints come all the time it looks more often. */
const MAX_NOTICE_MS = 100;

export async function composeRelay({ config, logger, masterKey }: ProcessContext) {
  const { kafka } = config;
  if (kafka === undefined) throw new ConfigError([{ variable: 'TOUCHLINE_KAFKA', detail: KAFKA_NEEDED }]);
  const backing = await openBacking({ ...config, masterKey, maxNoticeMs: MAX_NOTICE_MS });
  try {
    const customers = httpCustomerSource(config.timelineUrl, adminTokenOf(config));
    const opened = await openRelay({ config, kafka, logger, backing, customers });
    return {
      services: [{ service: relay, backing: opened }],
      async close(): Promise<void> {
        await opened.close();
        await backing.close();
      },
    } as const;
  } catch (failure) {
    await backing.close();
    throw failure;
  }
}

const KAFKA_NEEDED = 'must be set, e.g. kafka://127.0.0.1:9092: without a broker there is nothing to relay';

export interface RelaySetup {
  readonly config: Config;
  /** Address of the broker. */
  readonly kafka: string;
  readonly logger: Logger;
  readonly backing: Pick<Backing, 'journal' | 'eventStore' | 'catalogue'>;
  readonly customers: CustomerSource;
}

/** Starts a relay. The broker is waited for in the background. */
export async function openRelay({ config, kafka, logger, backing, customers }: RelaySetup) {
  const { journal, eventStore, catalogue } = backing;
  const checkpoints = await openCheckpoints(config);
  const messaging = await openMessaging(kafka, logger).catch(async (failure: unknown) => {
    await checkpoints.close();
    throw failure;
  });
  const started = Relay.start({
    journal,
    eventStore,
    customers,
    messaging,
    checkpoints,
    topics: relayTopics(config.kafkaPrefix),
    mode: config.kafkaMode,
    examiner: { catalogue, clock: systemClock },
    logger,
  });
  return {
    relay: started,
    checks: [
      { name: 'log', check: async () => void (await journal.head()) },
      { name: 'relay-store', check: () => checkpoints.check() },
      { name: 'broker', check: () => messaging.check() },
    ],
    async close(): Promise<void> {
      await started.close();
      await messaging.close();
      await checkpoints.close();
    },
  };
}

/** Loaded where there is a broker: nobody else pays for its client. */
async function openMessaging(url: string, logger: Logger) {
  const { openKafka } = await import('@touchline/messaging/kafka');
  return openKafka({ url, clientId: 'touchline-relay', logger });
}

async function openCheckpoints({ relayStore, dataFolder }: Config): Promise<Checkpoints> {
  if (!relayStore.startsWith(SQLITE)) {
    const { openPostgresCheckpoints } = await import('@touchline/messaging/postgres');
    return openPostgresCheckpoints({ url: relayStore });
  }
  const elsewhere = relayStore.slice(SQLITE.length);
  const folder = elsewhere === '' ? join(resolve(dataFolder), 'relay') : resolve(elsewhere);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { openSqliteCheckpoints } = await import('@touchline/messaging/sqlite');
  return openSqliteCheckpoints({ file: join(folder, 'relay.sqlite') });
}
