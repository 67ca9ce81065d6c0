import type { Members, Normalised } from './normalise.ts';

/** The event with its values in their one way of writing. Copies what changes, and nothing else. */
export function eventWith(values: Normalised, event: Members): Members {
  const given = event.data as Members;
  const data = bodyWith(values, given);
  const { subject } = values;
  if (subject !== undefined && subject !== event.subject) return { ...event, subject, data };
  return data === given ? event : { ...event, data };
}

/** The body alone. */
export function bodyWith(values: Normalised, body: Members): Members {
  const { identifiers, about, parties, identifier } = values;
  const customer = body.customer as Members | undefined;
  let normal = body;
  if (!isSame(identifiers, customer?.identifiers)) {
    normal = { ...normal, customer: { ...customer, identifiers } };
  }
  if (!isSame(about, body.about)) normal = { ...normal, about };
  if (!isSame(parties, body.parties)) normal = { ...normal, parties };
  if (identifier !== undefined && identifier !== body.identifier) normal = { ...normal, identifier };
  return normal;
}

/** Whether nothing was normalised, or it came out as it was given. */
function isSame(normalised: readonly string[] | undefined, given: unknown): boolean {
  if (normalised === undefined) return true;
  const texts = given as readonly unknown[];
  for (let at = 0; at < normalised.length; at++) if (normalised[at] !== texts[at]) return false;
  return true;
}
