import { messagingContract } from '../contract/index.ts';
import { MemoryBroker, MemoryMessaging } from './index.ts';

messagingContract('Messaging in memory', async () => {
  const broker = new MemoryBroker();
  const messaging = new MemoryMessaging(broker);
  return {
    messaging,
    another: () => new MemoryMessaging(broker),
    broker,
    tooLargeBytes: 1_048_577,
    close: () => messaging.close(),
  };
});
