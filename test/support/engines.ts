import { randomBytes } from 'node:crypto';
import type { Missing } from './backing-services.ts';
import { type KafkaForTests, openKafkaForTests, openMortalKafkaForTests, uniqueName } from './kafka.ts';
import { OwnSchema, openPostgresForTests, type PostgresForTests } from './postgres.ts';

/** Room for one installation on the engines: what it writes there no other one meets. */
export interface Room {
  readonly settings: Readonly<Record<string, string>>;
  /** Before the name of each of its topics. */
  readonly prefix: string;
  drop(): Promise<void>;
}

/** PostgreSQL and Kafka, as the distributed shape needs them: one of each for a whole test file. */
export class Engines<Kafka extends KafkaForTests = KafkaForTests> {
  readonly postgres: PostgresForTests;
  readonly kafka: Kafka;

  private constructor(postgres: PostgresForTests, kafka: Kafka) {
    this.postgres = postgres;
    this.kafka = kafka;
  }

  /** The reason where one of them cannot be had; throws it where a run requires that one. */
  static open(): Promise<Engines | Missing> {
    return Engines.#open(openKafkaForTests);
  }

  /** With a broker that can be killed. */
  static openMortal() {
    return Engines.#open(openMortalKafkaForTests);
  }

  static async #open<Kafka extends KafkaForTests>(openKafka: () => Promise<Kafka | Missing>) {
    const postgres = await openPostgresForTests();
    if ('missing' in postgres) return postgres;
    const kafka = await openKafka();
    if (!('missing' in kafka)) return new Engines(postgres, kafka);
    await postgres.close();
    return kafka;
  }

  room(): Room {
    const own = new OwnSchema(this.postgres);
    const prefix = `${uniqueName('room')}.`;
    return {
      prefix,
      settings: {
        TOUCHLINE_KEY_STORE: own.url(),
        TOUCHLINE_READ_STORE: own.url(),
        TOUCHLINE_TOKEN_STORE: own.url(),
        TOUCHLINE_RELAY_STORE: own.url(),
        TOUCHLINE_MASTER_KEY: randomBytes(32).toString('base64'),
        TOUCHLINE_KAFKA: this.kafka.url,
        TOUCHLINE_KAFKA_PREFIX: prefix,
      },
      drop: () => own.drop(),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.postgres.close(), this.kafka.close()]);
  }
}
