import { MAX_IDENTIFIERS, MAX_REFERENCES, REFERENCE_DETAIL } from './body.ts';
import type { Findings } from './findings.ts';
import { type Identifier, type IdentifierOptions, parseIdentifier } from './identifier.ts';
import { isCustomerId, strongestFirst, strongestOrReferences } from './identifiers-of.ts';
import { normaliseReference } from './reference.ts';

/** Identifiers and references of one event in their one way of writing, by where they stood. */
export interface Normalised {
  subject: string | undefined;
  /** `customer.identifiers` */
  identifiers: string[] | undefined;
  about: string[] | undefined;
  /** What a decision speaks of. */
  parties: string[] | undefined;
  identifier: string | undefined;
  /** Whose touchpoint it is, as `identifiersOf` answers. */
  who: readonly Identifier[];
}

export type Members = Readonly<Record<string, unknown>>;

export interface Context extends IdentifierOptions {
  readonly findings: Findings;
}

/** Whose touchpoint it is and what it concerns. Values of the wrong shape are passed over: the schema reports them. */
export function normalise(event: Members, body: Members, isDecision: boolean, context: Context): Normalised {
  const normalised = nothing();
  const found = readCustomer(event, body, context, normalised);
  if (isShort(body.about, MAX_REFERENCES)) {
    normalised.about = readAll(body.about, ABOUT, (text, path, at) =>
      readReference(text, path, at, context.findings),
    );
  }
  normalised.who = isDecision
    ? strongestFirst(readParties(body, context, normalised))
    : strongestOrReferences(found, normalised.about);
  return normalised;
}

/** With room for everything from the start: an object that grows is made again and again. */
function nothing(): Normalised {
  return {
    subject: undefined,
    identifiers: undefined,
    about: undefined,
    parties: undefined,
    identifier: undefined,
    who: [],
  };
}

function readCustomer(event: Members, body: Members, context: Context, into: Normalised): Identifier[] {
  const found: Identifier[] = [];
  const read = (text: string, path: Path, at?: number) => readIdentifier(text, path, at, context, found);
  if (typeof event.subject === 'string') into.subject = read(event.subject, SUBJECT);
  const identifiers = isMembers(body.customer) ? body.customer.identifiers : undefined;
  if (isShort(identifiers, MAX_IDENTIFIERS)) {
    into.identifiers = readAll(identifiers, IDENTIFIERS, read);
    refuseTooMany(into, context.findings);
  }
  return found;
}

/** Identifiers or customer ids, each named once. */
function readParties(body: Members, context: Context, into: Normalised): Identifier[] {
  const found: Identifier[] = [];
  if (typeof body.identifier === 'string') {
    into.identifier = readIdentifier(body.identifier, IDENTIFIER, undefined, context, found);
  }
  if (!isShort(body.parties, MAX_IDENTIFIERS)) return found;
  into.parties = readAll(body.parties, PARTIES, (text, path, at) => {
    if (!isCustomerId(text)) return readIdentifier(text, path, at, context, found);
    found.push({ uri: text, kind: 'customer' });
    return text;
  });
  into.parties.forEach((party, at, all) => {
    if (all.indexOf(party) === at) return;
    context.findings.add([...PARTIES, at], 'not-allowed', 'must differ from the other party');
  });
  return found;
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Path = readonly string[];
type Reader = (text: string, path: Path, at: number) => string;

const SUBJECT: Path = ['subject'];
const IDENTIFIERS: Path = ['data', 'customer', 'identifiers'];
const ABOUT: Path = ['data', 'about'];
const PARTIES: Path = ['data', 'parties'];
const IDENTIFIER: Path = ['data', 'identifier'];

/** Long lists are refused as a whole; their entries are not worth a look. */
function isShort(value: unknown, max: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= max;
}

function readAll(values: readonly unknown[], path: Path, read: Reader): string[] {
  const texts: string[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    if (typeof value === 'string') texts.push(read(value, path, at));
  }
  return texts;
}

function readIdentifier(
  text: string,
  path: Path,
  at: number | undefined,
  context: Context,
  found: Identifier[],
): string {
  const result = parseIdentifier(text, context);
  if (result.ok) {
    found.push(result.identifier);
    return result.identifier.uri;
  }
  context.findings.add(at === undefined ? path : [...path, at], 'invalid-identifier', result.detail);
  return text;
}

function readReference(text: string, path: Path, at: number, findings: Findings): string {
  const reference = normaliseReference(text);
  if (reference === undefined) findings.add([...path, at], 'wrong-format', REFERENCE_DETAIL);
  return reference ?? text;
}

function refuseTooMany({ subject, identifiers = [] }: Normalised, findings: Findings): void {
  if (subject === undefined || identifiers.length < MAX_IDENTIFIERS || identifiers.includes(subject)) return;
  const detail = `must have at most ${MAX_IDENTIFIERS} identifiers together with the subject`;
  findings.add(IDENTIFIERS, 'too-many', detail);
}
