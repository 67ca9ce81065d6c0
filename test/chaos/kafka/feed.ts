import { setTimeout as delay } from 'node:timers/promises';
import { type Message, type Messaging, MessagingError } from '@touchline/messaging';

const BATCH_MESSAGES = 500;
const RETRY_MS = 200;

/** Publishes all, in order, as a producer that never gives up: what a dead broker did not acknowledge is sent again. */
export async function feed(
  messaging: Messaging,
  topic: string,
  messages: readonly Message[],
  withinMs: number,
) {
  const end = performance.now() + withinMs;
  let failures = 0;
  for (let start = 0; start < messages.length; ) {
    try {
      await messaging.publish(topic, messages.slice(start, start + BATCH_MESSAGES));
      start += BATCH_MESSAGES;
    } catch (failure) {
      if (!(failure instanceof MessagingError && failure.isRetryable) || performance.now() > end)
        throw failure;
      failures += 1;
      await delay(RETRY_MS);
    }
  }
  return failures;
}
