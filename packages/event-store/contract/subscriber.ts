import type { EventStore, Position, RecordedEvent, SubscribeOptions } from '../event-store.ts';

/** Subscribes until the event at `until` has come; `until` may be found out meanwhile. */
export async function collect(
  store: EventStore,
  { until, ...options }: Omit<SubscribeOptions, 'signal'> & { readonly until: Position | Promise<Position> },
): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  const stop = new AbortController();
  let end: Position | undefined;
  const stopAtEnd = () => {
    const position = events.at(-1)?.position ?? options.after ?? 0n;
    if (end !== undefined && position >= end) stop.abort();
  };
  void Promise.resolve(until).then((position) => {
    end = position;
    stopAtEnd();
  });
  for await (const batch of store.subscribe({ ...options, signal: stop.signal })) {
    events.push(...batch);
    stopAtEnd();
  }
  return events;
}
