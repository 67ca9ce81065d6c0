import type { EventStore } from '@touchline/event-store';
import type { Catalogue } from '@touchline/touchpoints';
import type { KeyRing } from '@touchline/vault';
import { IdentifierKeys } from './identifier-keys.ts';
import type { Journal } from './journal.ts';
import { logMark } from './log-mark.ts';
import { Reader } from './reader.ts';
import { Recorder } from './recorder.ts';
import { streamOf } from './stream.ts';

/** Joins language, log and keys. Closes none of them. */
export function createJournal(parts: {
  readonly eventStore: EventStore;
  readonly keyRing: KeyRing;
  readonly catalogue: Catalogue;
}): Journal {
  const { eventStore, keyRing, catalogue } = parts;
  const identifierKeys = new IdentifierKeys(keyRing.pepper);
  const recorder = new Recorder({ eventStore, keyRing, catalogue, identifierKeys });
  const reader = new Reader({ keyRing, catalogue });
  return {
    idempotency: eventStore.idempotency,
    counting: eventStore.counting,
    draft: (parsed) => recorder.draft(parsed),
    record: (touchpoints, options) => recorder.record(touchpoints, options),
    read: async (options) => reader.read(await eventStore.readAll(options)),
    readSubject: async (subject, options) =>
      reader.read(await eventStore.readStream(streamOf(subject), options)),
    async *subscribe(options) {
      for await (const events of eventStore.subscribe(options)) yield await reader.read(events);
    },
    head: () => eventStore.head(),
    mark: () => logMark(eventStore),
    count: (options) => eventStore.count(options),
    identify: (identifier) => identifierKeys.identify(identifier),
  };
}
