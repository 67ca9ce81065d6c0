import { compareText, membersOf } from './order.ts';
import type {
  CustomerRow,
  DecisionRow,
  IdentifierRow,
  LinkRow,
  ReviewRow,
  TieRow,
  UndoRow,
} from './tables.ts';

/** What readers see of an identifier. */
export type SeenIdentifier = Pick<IdentifierRow, 'subject' | 'kind' | 'value' | 'customer' | 'shared'>;

/** Rows around one customer. More than needed does no harm. */
export interface Evidence {
  readonly customer: CustomerRow['customer'];
  /** Where `customer` equals it. */
  readonly identifiers: readonly SeenIdentifier[];
  /** Where `subject` is one of these identifiers. */
  readonly links: readonly LinkRow[];
  /** Where `subject` or `owner` is one of them. */
  readonly ties: readonly TieRow[];
  /** Where `party` or `otherParty` is one of them. */
  readonly decisions: readonly DecisionRow[];
  /** Of these decisions. */
  readonly undos: readonly UndoRow[];
  /** Of these links and ties. */
  readonly reviews: readonly ReviewRow[];
}

export interface Explanation {
  readonly customer: string;
  readonly identifiers: readonly SeenIdentifier[];
  /** Identifiers of this customer that were seen together, each with the first event that proves it. */
  readonly links: readonly ExplainedLink[];
  readonly ties: readonly TieRow[];
  readonly decisions: readonly ExplainedDecision[];
  /** What the machine refused to join to this customer, or to each other. */
  readonly reviews: readonly (ReviewRow & { readonly subjects: readonly string[] })[];
}

export interface ExplainedLink {
  /** Without shared identifiers. */
  readonly subjects: readonly string[];
  readonly position: number;
  readonly eventid: string;
}

export interface ExplainedDecision extends DecisionRow {
  readonly undone: UndoRow | null;
}

/** Why these identifiers are one customer. Everything in the order of the log; what one event did, in the order of its subjects. */
export function explain(evidence: Evidence): Explanation {
  const identifiers = evidence.identifiers
    .filter((row) => row.customer === evidence.customer)
    .sort(bySubject);
  const members = new Map(identifiers.map((row) => [row.subject, row]));
  const refused = new Set(evidence.reviews.map((review) => review.members));
  const undos = new Map(evidence.undos.map((undo) => [undo.decision, undo]));
  const touches = (...subjects: readonly (string | null)[]) =>
    subjects.some((subject) => subject !== null && members.has(subject));
  return {
    customer: evidence.customer,
    identifiers,
    links: explainLinks(evidence.links, members, refused),
    ties: evidence.ties
      .filter((tie) => members.has(tie.subject) && members.has(tie.owner))
      .sort(bySubject)
      .sort(byPosition),
    decisions: evidence.decisions
      .filter((decision) => touches(decision.party, decision.otherParty))
      .map((decision) => ({ ...decision, undone: undos.get(decision.eventid) ?? null }))
      .sort(byPosition),
    reviews: evidence.reviews
      .map((review) => ({ ...review, subjects: membersOf(review.members) }))
      .filter((review) => touches(...review.subjects))
      .sort((a, b) => compareText(a.members, b.members))
      .sort(byPosition),
  };
}

function explainLinks(
  links: readonly LinkRow[],
  members: ReadonlyMap<string, SeenIdentifier>,
  refused: ReadonlySet<string>,
): ExplainedLink[] {
  const distinct = new Map(links.map((link) => [link.members, link]));
  const explained: ExplainedLink[] = [];
  for (const [key, { position, eventid }] of distinct) {
    if (refused.has(key)) continue;
    const subjects = membersOf(key).filter((subject) => members.get(subject)?.shared === null);
    if (subjects.length > 1) explained.push({ subjects, position, eventid });
  }
  return explained.sort(byPosition);
}

function bySubject(a: { readonly subject: string }, b: { readonly subject: string }): number {
  return compareText(a.subject, b.subject);
}

function byPosition(a: { readonly position: number }, b: { readonly position: number }): number {
  return a.position - b.position;
}
