import { defineTable } from '@touchline/read-store';
import type { IdentifierKind } from '@touchline/touchpoints';
import { DECISIONS, UNDOS } from './decision-tables.ts';

export { DECISIONS, type DecisionRow, UNDOS, type UndoRow } from './decision-tables.ts';

/** Every identifier ever seen or named. Its key is the subject id, so any id, superseded or not, finds its customer. */
export interface IdentifierRow {
  readonly subject: string;
  /** `customer` while only decisions named it, by its id. */
  readonly kind: IdentifierKind;
  /** For accounts: the system that gave the number. */
  readonly owner: string | null;
  /** The normalised URI; null when every event that showed it was erased. */
  readonly value: string | null;
  readonly customer: string;
  /** Earliest touchpoint of its own stream, milliseconds since the epoch; null when it names no data subject. */
  readonly firstAt: number | null;
  /** The first account of each system it was seen with on one touchpoint: [system, subject]. Sorted. */
  readonly accounts: readonly (readonly [string, string])[] | null;
  readonly shared: 'declared' | 'detected' | null;
  /** Active decisions that name it. */
  readonly decided: number;
  /** Position since which readers see it as it is. Kept by `RememberingRows`. */
  readonly since: number;
  /** Position of the first touchpoint of its own stream; null when there is none. Kept by `RememberingRows`. */
  readonly touchedSince: number | null;
}

export const IDENTIFIERS = defineTable<IdentifierRow>({
  name: 'identity_identifiers',
  columns: {
    subject: 'text',
    kind: 'text',
    owner: 'text?',
    value: 'text?',
    customer: 'text',
    firstAt: 'integer?',
    accounts: 'json?',
    shared: 'text?',
    decided: 'integer',
    since: 'integer',
    touchedSince: 'integer?',
  },
  key: ['subject'],
  indexes: [['customer'], ['since']],
  personal: ['value'],
});

/** What an identifier was before, without its plain text: that lies in one place. Nothing is put aside for what readers do not see. */
export interface FormerIdentifierRow
  extends Pick<IdentifierRow, 'subject' | 'kind' | 'owner' | 'customer' | 'shared' | 'since'> {
  /** Position of the event that changed it: it held from `since`, inclusive, to `until`, exclusive. */
  readonly until: number;
  /** 1 when its plain text was known, else 0. */
  readonly readable: number;
}

export const FORMER_IDENTIFIERS = defineTable<FormerIdentifierRow>({
  name: 'identity_former_identifiers',
  columns: {
    subject: 'text',
    since: 'integer',
    until: 'integer',
    kind: 'text',
    owner: 'text?',
    customer: 'text',
    shared: 'text?',
    readable: 'integer',
  },
  key: ['subject', 'since'],
  indexes: [['customer'], ['until']],
  appendOnly: true,
});

/** The customers of now. */
export interface CustomerRow {
  readonly customer: string;
  /** Earliest touchpoint of the data subject that names it; null when no member has touchpoints of its own. */
  readonly firstAt: number | null;
  /** Systems it carries an account of. Sorted. */
  readonly owners: readonly string[];
  /** 1 when a member is party to a no-merge that counts, else 0. */
  readonly barred: number;
  /** 1 while it is a single identifier, else 0. */
  readonly alone: number;
}

export const CUSTOMERS = defineTable<CustomerRow>({
  name: 'identity_customers',
  columns: { customer: 'text', firstAt: 'integer?', owners: 'json', barred: 'integer', alone: 'integer' },
  key: ['customer'],
});

/** Identifiers seen together on a touchpoint: one row per member of each distinct set. */
export interface LinkRow {
  /** The set: subject ids, sorted, separated by a space. */
  readonly members: string;
  readonly subject: string;
  /** Of the first event that proves it. */
  readonly position: number;
  readonly eventid: string;
}

export const LINKS = defineTable<LinkRow>({
  name: 'identity_links',
  columns: { members: 'text', subject: 'text', position: 'integer', eventid: 'text' },
  key: ['members', 'subject'],
  indexes: [['subject']],
});

/** Who owns a reference. One small row per business object. */
export interface ReferenceRow {
  readonly reference: string;
  /** The data subject; null, as what follows, while only touchpoints without identifiers mention it. */
  readonly owner: string | null;
  readonly happenedAt: number | null;
  readonly eventid: string | null;
  readonly position: number | null;
  /** 1 when a touchpoint without identifiers mentions it, else 0. */
  readonly mentioned: number;
  /** Whoever would own it if it had come alone: sorted, the first few; null while that is only the owner. */
  readonly claimants: readonly string[] | null;
}

export const REFERENCES = defineTable<ReferenceRow>({
  name: 'identity_references',
  columns: {
    reference: 'text',
    owner: 'text?',
    happenedAt: 'integer?',
    eventid: 'text?',
    position: 'integer?',
    mentioned: 'integer',
    claimants: 'json?',
  },
  key: ['reference'],
  // An order is spoken of a few times; there are as many of them as touchpoints.
  revisited: 'seldom',
});

/** What the touchpoints without identifiers of a data subject mention; for each reference the earliest. */
export interface MentionRow {
  readonly subject: string;
  readonly reference: string;
  readonly happenedAt: number;
  readonly eventid: string;
  readonly position: number;
  readonly place: number;
}

export const MENTIONS = defineTable<MentionRow>({
  name: 'identity_mentions',
  columns: {
    subject: 'text',
    reference: 'text',
    happenedAt: 'integer',
    eventid: 'text',
    position: 'integer',
    place: 'integer',
  },
  key: ['subject', 'reference'],
  indexes: [['subject'], ['reference']],
});

/** A reference's data subject and the data subject it is tied to. */
export interface TieRow {
  readonly subject: string;
  readonly owner: string;
  readonly reference: string;
  readonly position: number;
  /** The owner's earliest touchpoint about the reference. */
  readonly eventid: string;
  /** Position since which readers see it so; no proof that comes late moves it back. Kept by `RememberingRows`. */
  readonly since: number;
}

export const TIES = defineTable<TieRow>({
  name: 'identity_ties',
  columns: {
    subject: 'text',
    owner: 'text',
    reference: 'text',
    position: 'integer',
    eventid: 'text',
    since: 'integer',
  },
  key: ['subject'],
  indexes: [['owner']],
});

/** A tie that another one replaced. It held from `since`, inclusive, to `until`, exclusive. */
export type FormerTieRow = TieRow & { readonly until: number };

export const FORMER_TIES = defineTable<FormerTieRow>({
  name: 'identity_former_ties',
  columns: { ...TIES.columns, until: 'integer' },
  key: ['subject', 'since'],
  indexes: [['owner']],
  appendOnly: true,
});

/** A link or tie that was refused, for a person to look at. Gone when it is refused no more. */
export interface ReviewRow {
  /** As in the link; for a tie, both its subjects. */
  readonly members: string;
  readonly position: number;
  /** The event that would have joined them. */
  readonly eventid: string;
  readonly why: 'nomerge' | 'accounts';
  /** `nomerge`: event ids of the decisions; `accounts`: the systems both sides carry an account of. Sorted. */
  readonly detail: readonly string[];
  /** Position since which it is refused so. Kept by `RememberingRows`. */
  readonly since: number;
}

export const REVIEWS = defineTable<ReviewRow>({
  name: 'identity_reviews',
  columns: {
    members: 'text',
    position: 'integer',
    eventid: 'text',
    why: 'text',
    detail: 'json',
    since: 'integer',
  },
  key: ['members'],
});

/** A review that is gone or reads otherwise now. It held from `since`, inclusive, to `until`, exclusive. */
export type FormerReviewRow = ReviewRow & { readonly until: number };

export const FORMER_REVIEWS = defineTable<FormerReviewRow>({
  name: 'identity_former_reviews',
  columns: { ...REVIEWS.columns, until: 'integer' },
  key: ['members', 'since'],
  appendOnly: true,
});

export const IDENTITY_TABLES = [
  IDENTIFIERS,
  CUSTOMERS,
  LINKS,
  REFERENCES,
  MENTIONS,
  TIES,
  DECISIONS,
  UNDOS,
  REVIEWS,
  FORMER_IDENTIFIERS,
  FORMER_TIES,
  FORMER_REVIEWS,
] as const;
