import { afterAll, test } from 'vitest';
import { openMortalKafkaForTests } from '../../../test/support/kafka.ts';
import { messagingContract } from '../contract/index.ts';
import { openKafka } from './index.ts';

const MAX_KAFKA_MESSAGE_BYTES = 1_048_588;

const kafka = await openMortalKafkaForTests();
if ('missing' in kafka) test.skip(`messaging on Kafka: ${kafka.missing}`, () => {});
else {
  afterAll(() => kafka.close());
  const { broker } = kafka;
  // A broker that was killed still counts on the members it knew, for as long as a session lasts.
  const limits = { sessionTimeoutMs: 6_000, heartbeatMs: 500 };
  const open = () => openKafka({ url: kafka.url, clientId: 'contract', limits });
  messagingContract('Kafka', async () => {
    const messaging = open();
    return {
      messaging,
      another: open,
      broker: { crash: () => broker.stop('crash'), start: () => broker.start() },
      tooLargeBytes: MAX_KAFKA_MESSAGE_BYTES,
      close: () => messaging.close(),
    };
  });
}
