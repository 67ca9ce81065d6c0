import { randomBytes } from 'node:crypto';
import { KafkaBroker } from '../../infra/kafka/kafka-broker.ts';
import { givenBy, type Missing, openBackingService } from './backing-services.ts';
import { startKafkaContainer } from './kafka-container.ts';

/** A Kafka broker that tests may use, whoever runs it. */
export interface KafkaForTests {
  /** `host:port`. */
  readonly address: string;
  /** `kafka://host:port`. */
  readonly url: string;
  /** Only where the broker is ours: it can be killed and started again. */
  readonly broker?: KafkaBroker;
  close(): Promise<void>;
}

/** The broker named by `TOUCHLINE_TEST_KAFKA`, else one in a container, else one from the jars. */
export function openKafkaForTests(): Promise<KafkaForTests | Missing> {
  return openBackingService({ name: 'kafka', title: 'Kafka', ways: [given, contained, ours] });
}

/** The same, or the reason why not: for tests that kill the broker. */
export function openMortalKafkaForTests(): Promise<
  (KafkaForTests & { readonly broker: KafkaBroker }) | Missing
> {
  return openBackingService({ name: 'kafka', title: 'Kafka that can be killed', ways: [ours] });
}

/** A topic or group that no other test uses, nor has used. */
export function uniqueName(what: string): string {
  return `test-${what}-${randomBytes(6).toString('hex')}`;
}

async function given(): Promise<KafkaForTests> {
  return at(givenBy('TOUCHLINE_TEST_KAFKA'), async () => {});
}

async function contained(): Promise<KafkaForTests> {
  const { address, stop } = await startKafkaContainer();
  return at(address, stop);
}

async function ours() {
  const broker = await KafkaBroker.start();
  return { ...at(broker.address, () => broker.close()), broker };
}

function at(address: string, close: () => Promise<void>): KafkaForTests {
  return { address, url: `kafka://${address}`, close };
}
