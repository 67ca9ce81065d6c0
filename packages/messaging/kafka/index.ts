import type { Messaging } from '../messaging.ts';

export interface KafkaOptions {
  readonly url: string;
  readonly clientId: string;
  readonly logger: object;
}

export async function openKafka(_options: KafkaOptions): Promise<Messaging> {
  throw new Error('the Kafka adapter is not there yet');
}
