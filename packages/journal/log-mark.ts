import { type EventStore, START } from '@touchline/event-store';

/**
 * Id and position of the first event; nothing for an empty log. Asked for as a subscription: what stands before it in a database
 * that others use too is passed over there.
 */
export async function logMark(
  eventStore: Pick<EventStore, 'head' | 'subscribe'>,
): Promise<string | undefined> {
  if ((await eventStore.head()) === START) return undefined;
  for await (const [first] of eventStore.subscribe({ maxBatchEvents: 1 }))
    if (first !== undefined) return `${first.id} at ${first.position}`;
  return undefined;
}
