import type { Append, AppendResult, NewEvent, Receipt } from '../event-store.ts';
import type { KnownEvent, KnownStream } from './known-stream.ts';

/** What becomes of an append, as far as its stream is known: an answer, or events that are new. */
export type AppendDecision = { readonly answer: AppendResult } | { readonly fresh: readonly NewEvent[] };

/** Ids first, then the expected revision. What was found out from ids stays true whatever is appended meanwhile. */
export function decide(append: Append, stream: KnownStream): AppendDecision {
  const { events, expected = 'any' } = append;
  const fresh = new Map<string, NewEvent>();
  for (const event of events) {
    const first = stream.find(event.id) ?? fresh.get(event.id);
    if (first === undefined) fresh.set(event.id, event);
    else if (first.fingerprint !== event.fingerprint)
      return { answer: { ok: false, code: 'event-id-reused', id: event.id } };
  }
  const actual = stream.last ?? 'no-stream';
  if (fresh.size === 0) return { answer: { ok: true, receipts: receiptsOf(append, stream, new Map()) } };
  if (expected !== 'any' && expected !== actual)
    return { answer: { ok: false, code: 'wrong-expected-revision', actual } };
  return { fresh: [...fresh.values()] };
}

/** Receipts of an append whose new events were `placed`; the others are repeats of what the stream held before. */
export function receiptsOf(
  { events }: Append,
  stream: KnownStream,
  placed: ReadonlyMap<string, KnownEvent>,
): readonly Receipt[] {
  const told = new Set<string>();
  return events.map(({ id }) => {
    const event = placed.get(id) ?? stream.find(id);
    if (event === undefined) throw new RangeError('an event was neither stored nor known before');
    const duplicate = told.has(id) || !placed.has(id);
    told.add(id);
    return { id, position: event.position, version: event.version, duplicate };
  });
}
