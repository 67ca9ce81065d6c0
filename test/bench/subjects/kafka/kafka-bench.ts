import type { Messaging } from '@touchline/messaging';
import type { KafkaForTests } from '../../../support/kafka.ts';
import type { BenchOptions } from '../../main.ts';
import type { Finding } from '../../measure/report.ts';

export interface KafkaPlace {
  readonly kafka: KafkaForTests;
  readonly messaging: Messaging;
}

export type KafkaBench = (options: BenchOptions, place: KafkaPlace) => Promise<Finding>;
