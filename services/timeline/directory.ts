import type { Journal } from '@touchline/journal';
import type { ReadModelReader } from '@touchline/read-store';
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
}

/** Answers as of the read model's position; a decision made a moment ago may not be in it yet. */
export function customerDirectory(
  reader: ReadModelReader,
  { journal, catalogue }: { journal: Pick<Journal, 'identify'>; catalogue: Catalogue },
  defaultRegion?: string,
): CustomerDirectory {
  const subjectOf = (reference: string): string | undefined => {
    if (/^[0-9a-f]{24}$/.test(reference)) return reference;
    const parsed = parseIdentifier(reference, defaultRegion === undefined ? {} : { defaultRegion });
    return parsed.ok ? journal.identify(parsed.identifier.uri).subject : undefined;
  };
  return {
    async find(reference) {
      const subject = subjectOf(reference);
      if (subject === undefined) return undefined;
      const customerid = await reader.read((snapshot) => currentCustomer(snapshot, subject));
      return customerid === undefined ? undefined : { customerid };
    },
    decision: (eventid) => reader.read((snapshot) => decisionById(snapshot, eventid)),
    entry: (eventid) => reader.read((snapshot) => entryById(snapshot, catalogue, eventid, { limit: 1 })),
  };
}
