import type { Append, NewEvent } from '../../event-store.ts';

/** An event nobody has appended yet. */
export function anEvent(content: unknown = {}): NewEvent {
  const data = JSON.stringify(content);
  return { id: crypto.randomUUID(), type: 'thing.happened.v1', fingerprint: `fp:${data}`.slice(0, 64), data };
}

export function someEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent(index));
}

export function toStream(stream: string, ...events: readonly NewEvent[]): Append {
  return { stream, events };
}
