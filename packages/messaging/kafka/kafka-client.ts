import kafkajs, { type Kafka, type RetryOptions, type SASLOptions } from 'kafkajs';
import { CLIENT_LOG_LEVEL, clientLog, type KafkaLogger } from './client-log.ts';
import type { KafkaAddress } from './connection-string.ts';
import type { KafkaLimits } from './limits.ts';
import { SocketGate } from './socket-gate.ts';

export interface KafkaSettings {
  readonly address: KafkaAddress;
  readonly clientId: string;
  readonly limits: KafkaLimits;
  readonly logger?: KafkaLogger | undefined;
}

/** One client of kafkajs with connections of its own. */
export interface KafkaClient {
  readonly kafka: Kafka;
  readonly gate: SocketGate;
}

/** Attempts within one step of the client, for one that should rather say early that it cannot. */
const FEW_RETRIES = 2;
const RETRY_SPREAD = 0.2;

export function createClient(
  { address, clientId, limits, logger }: KafkaSettings,
  retries = FEW_RETRIES,
): KafkaClient {
  const gate = new SocketGate();
  const kafka = new kafkajs.Kafka({
    brokers: [...address.brokers],
    clientId,
    ssl: address.isTls,
    // Its type has one case for each mechanism, all alike.
    ...(address.sasl && { sasl: address.sasl as SASLOptions }),
    connectionTimeout: limits.maxConnectMs,
    authenticationTimeout: limits.maxConnectMs,
    requestTimeout: limits.maxRequestMs,
    retry: retrying(retries),
    socketFactory: gate.factory,
    logLevel: CLIENT_LOG_LEVEL,
    logCreator: clientLog(logger),
  });
  return { kafka, gate };
}

/** All of it is said, since what is left out depends on NODE_ENV in kafkajs. */
export function retrying(retries: number): RetryOptions {
  return { retries, initialRetryTime: 100, maxRetryTime: 1_000, multiplier: 2, factor: RETRY_SPREAD };
}
