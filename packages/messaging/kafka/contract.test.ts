import { afterAll, test } from 'vitest';
import { type KafkaForTests, openKafkaForTests } from '../../../test/support/kafka.ts';
import { type Harness, messagingContract } from '../contract/index.ts';
import { openKafka } from './index.ts';

const MAX_KAFKA_MESSAGE_BYTES = 1_048_588;

const kafka = await openKafkaForTests();
if ('missing' in kafka) test.skip(`messaging on Kafka: ${kafka.missing}`, () => {});
else {
  afterAll(() => kafka.close());
  // A broker that was killed still counts on the members it knew, for as long as a session lasts.
  const limits = { sessionTimeoutMs: 6_000, heartbeatMs: 500 };
  const open = () => openKafka({ url: kafka.url, clientId: 'contract', limits });
  messagingContract('Kafka', async () => {
    const messaging = open();
    return {
      messaging,
      another: open,
      broker: mortal(kafka),
      tooLargeBytes: MAX_KAFKA_MESSAGE_BYTES,
      close: () => messaging.close(),
    };
  });
}

function mortal({ broker }: KafkaForTests): Harness['broker'] {
  if (broker === undefined) return { missing: 'this broker is not ours to kill' };
  return { crash: () => broker.stop('crash'), start: () => broker.start() };
}
