import type { ExplainedDecision, Explanation, UndoRow } from '@touchline/identity';

type Values = ReadonlyMap<string, string | null>;

/** The API's form of an explanation: texts for identifiers (their subject id where the text was erased), times as RFC 3339. */
export function presentIdentity(explanation: Explanation, values: Values) {
  const textOf = (subject: string): string => values.get(subject) ?? subject;
  return {
    customerid: explanation.customer,
    identifiers: explanation.identifiers.map(({ subject, kind, value, shared }) => ({
      subject,
      kind,
      identifier: value,
      shared,
    })),
    links: explanation.links.map((link) => ({ ...evidence(link), identifiers: link.subjects.map(textOf) })),
    ties: explanation.ties.map((tie) => ({
      ...evidence(tie),
      reference: tie.reference,
      identifiers: [tie.subject, tie.owner].map(textOf),
    })),
    decisions: explanation.decisions.map((decision) => presentDecision(decision, textOf)),
    reviews: explanation.reviews.map((review) => ({
      ...evidence(review),
      why: review.why,
      detail: review.detail,
      identifiers: review.subjects.map(textOf),
    })),
  };
}

function presentDecision(decision: ExplainedDecision, textOf: (subject: string) => string) {
  const parties = decision.otherParty === null ? [decision.party] : [decision.party, decision.otherParty];
  return {
    ...decided(decision),
    kind: decision.kind,
    active: decision.active === 1,
    parties: parties.map(textOf),
    undone: decision.undone === null ? null : decided(decision.undone),
  };
}

function decided(by: UndoRow | ExplainedDecision) {
  return {
    ...evidence(by),
    by: by.decidedBy,
    reason: by.reason,
    time: new Date(by.happenedAt).toISOString(),
  };
}

function evidence({ position, eventid }: { position: number; eventid: string }) {
  return { position: String(position), eventid };
}
