import type { Journal } from '@touchline/journal';
import { Problem } from '@touchline/service-kit';
import type { Command } from './decide.ts';
import type { Directory, KnownDecision } from './directory.ts';
import { readIdentifier, readReference } from './reference.ts';

export interface CommandParts {
  readonly directory: Directory;
  readonly journal: Pick<Journal, 'identify'>;
  readonly defaultRegion?: string | undefined;
}

export interface Said {
  readonly department: string;
  readonly reason: string;
}

type PairSaid = Said & { readonly customerid: string; readonly with: string };

/** Two customers are one. The parties are kept as the person named them: ids and identifiers may move later. */
export async function merge(said: PairSaid, parts: CommandParts): Promise<Command> {
  const { parties, customers } = await pairOf(said, parts);
  const data = { parties, reason: said.reason };
  return {
    type: 'touchline.party.merged.v1',
    department: said.department,
    data,
    concerns: parties,
    isAlreadySo: async () => customers[0] === customers[1],
  };
}

/**
 * Two customers are not one, whatever links them now or later. That both are one customer at the moment is no
 * reason against it: this is how a person takes them apart.
 */
export async function declareNoMerge(said: PairSaid, parts: CommandParts): Promise<Command> {
  const { parties } = await pairOf(said, parts);
  return {
    type: 'touchline.party.nomerge-declared.v1',
    department: said.department,
    data: { parties, reason: said.reason },
    concerns: parties,
    isAlreadySo: async () => false,
  };
}

/** A decision no longer holds. It must be one about this customer. */
export async function undo(
  said: Said & { readonly customerid: string; readonly decision: string },
  { directory }: CommandParts,
): Promise<Command> {
  const customerid = await customerOf(said.customerid, '/customerid', directory, 'path');
  const decision = await directory.decision(said.decision);
  if (decision === undefined || !(await concerns(decision, customerid, directory))) {
    throw new Problem('unknown-decision', {
      errors: [{ pointer: '/decision', detail: 'must be the event id of a decision about this customer' }],
    });
  }
  return {
    type: 'touchline.party.unmerged.v1',
    department: said.department,
    data: { decision: said.decision, parties: [...decision.parties], reason: said.reason },
    concerns: decision.parties,
    isAlreadySo: async () => !decision.active,
  };
}

/** Several people use an identifier: it links nobody. It need not be known yet: a hotline may be marked beforehand. */
export function markShared(
  said: Said & { readonly identifier: string },
  { defaultRegion }: CommandParts,
): Command {
  const identifier = readIdentifier(said.identifier, '/identifier', defaultRegion);
  return {
    type: 'touchline.identifier.marked-shared.v1',
    department: said.department,
    data: { identifier, reason: said.reason },
    concerns: [identifier],
    isAlreadySo: async () => false,
  };
}

async function pairOf(said: PairSaid, { directory, journal, defaultRegion }: CommandParts) {
  const other = readReference(said.with, '/with', defaultRegion);
  if (journal.identify(other).subject === said.customerid) {
    throw new Problem('same-customer', {
      errors: [{ pointer: '/with', detail: 'must be another customer' }],
    });
  }
  const customers = [
    await customerOf(said.customerid, '/customerid', directory, 'path'),
    await customerOf(other, '/with', directory, 'body'),
  ];
  return { parties: [said.customerid, other], customers };
}

async function customerOf(
  reference: string,
  pointer: string,
  directory: Directory,
  place: 'path' | 'body',
): Promise<string> {
  const found = await directory.find(reference);
  if (found !== undefined) return found.customerid;
  throw new Problem('unknown-customer', {
    errors: [{ pointer, detail: 'must be the id of a customer or an identifier of one', in: place }],
  });
}

async function concerns(decision: KnownDecision, customerid: string, directory: Directory): Promise<boolean> {
  const parties = await Promise.all(decision.parties.map((party) => directory.find(party)));
  return parties.some((party) => party?.customerid === customerid);
}
