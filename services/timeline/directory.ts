import type { Journal } from '@touchline/journal';
import type { ReadModelReader, Snapshot } from '@touchline/read-store';
import { positionNotReached } from '@touchline/service-kit';
import { type Catalogue, parseIdentifier } from '@touchline/touchpoints';
import { currentCustomer } from './queries/customers.ts';
import { type Decision, decisionById } from './queries/decisions.ts';
import { type EntryWithCorrections, entryById } from './queries/entry-by-id.ts';

/** Who a customer id or an identifier stands for, what was decided, and what was recorded: for services that check before they write. */
export interface CustomerDirectory {
  /** By customer id (also a superseded one) or identifier; `undefined` when nothing is known of it yet. */
  find(reference: string): Promise<{ readonly customerid: string } | undefined>;
  /** By event id of the decision. */
  decision(eventid: string): Promise<Decision | undefined>;
  /** By event id of the record; as it counts now. */
  entry(eventid: string): Promise<EntryWithCorrections | undefined>;
  /** The same as of `minimum` or later: throws the problem `position-not-reached` where readers were set back since. */
  atLeast(minimum: bigint): CustomerDirectory;
}

/** Answers as of the read model's position; a decision made a moment ago may not be in it yet. */
export function customerDirectory(
  reader: ReadModelReader,
  parts: { journal: Pick<Journal, 'identify'>; catalogue: Catalogue },
  minimum = 0n,
): CustomerDirectory {
  const { journal, catalogue } = parts;
  const read = <T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
    reader.read((snapshot) => {
      if (snapshot.position < minimum) throw positionNotReached(minimum, snapshot.position);
      return work(snapshot);
    });
  const subjectOf = (reference: string): string | undefined => {
    if (/^[0-9a-f]{24}$/.test(reference)) return reference;
    const parsed = parseIdentifier(reference);
    return parsed.ok ? journal.identify(parsed.identifier.uri).subject : undefined;
  };
  return {
    async find(reference) {
      const subject = subjectOf(reference);
      if (subject === undefined) return undefined;
      const customerid = await read((snapshot) => currentCustomer(snapshot, subject));
      return customerid === undefined ? undefined : { customerid };
    },
    decision: (eventid) => read((snapshot) => decisionById(snapshot, eventid)),
    entry: (eventid) => read((snapshot) => entryById(snapshot, catalogue, eventid, { limit: 1 })),
    atLeast: (position) => customerDirectory(reader, parts, position),
  };
}
