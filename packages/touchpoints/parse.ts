import { ATTRIBUTES, envelopeSchema, SERVER_ATTRIBUTES, TIME_DETAIL } from './envelope.ts';
import { Findings } from './findings.ts';
import { isDecision } from './identifiers-of.ts';
import { explainUnsound, isSound } from './json-soundness.ts';
import { isMembers, type Members, normalise } from './normalise.ts';
import { bodyWith, eventWith } from './normalised.ts';
import { type QuickSchema, quickCheckOf } from './quick-check.ts';
import { parseTime } from './time.ts';
import type { Body, BodyResult, ParseResult, Touchpoint } from './touchpoint.ts';
import { BODY_DETAIL } from './touchpoint-type.ts';

/** Clocks of producers may run ahead of the server by this much. */
export const MAX_AHEAD_MS = 600_000;

/** How deep the body lies in an event. */
const BODY_DEPTH = 2;
const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;
const MAX_EXTENSION_LENGTH = 1_024;
const NOTHING: Members = Object.freeze({});
const NOBODY_DETAIL =
  'must be given, or one identifier in /data/customer/identifiers, or one reference in /data/about: with none, nobody knows whose touchpoint it is';

const envelope: QuickSchema<unknown> = { schema: envelopeSchema, isRight: quickCheckOf(envelopeSchema) };

export interface ParseOptions {
  /** The server's time, milliseconds since the epoch. */
  readonly now: number;
  /** ISO 3166 country (`CN`) from which telephone numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
}

/** What a catalogue knows of types, as far as parsing needs it. */
export interface KnownTypes {
  /** Schema of the body; for an unknown type that of the common fields. */
  bodySchema(type: string | undefined): QuickSchema<Body>;
  has(type: string): boolean;
  nearest(type: string): readonly string[];
}

/**
 * Checks one event and normalises it. Collects every error. Never throws on JSON; leaves the input as it is, and shares with
 * it whatever was normal already.
 */
export function parseTouchpoint(input: unknown, options: ParseOptions, types: KnownTypes): ParseResult {
  const findings = new Findings();
  if (!isMembers(input)) {
    findings.add([], 'wrong-type', 'must be a JSON object: one CloudEvent');
    return refused(findings);
  }
  if (!isSound(input)) explainUnsound(input, findings);
  const given = withoutUnset(input);
  checkBySchema(envelope, given, [], findings);
  checkExtensions(given, findings);
  const happenedAt = checkTime(given.time, options.now, findings);
  const type = checkType(given.type, types, findings);
  checkBody(given.data, types.bodySchema(type), findings);
  const readable = isMembers(given.data) ? given.data : NOTHING;
  const isDeciding = type !== undefined && isDecision(type);
  const context = { findings, defaultRegion: options.defaultRegion };
  const normalised = normalise(given, readable, isDeciding, context);
  if (normalised.who.length === 0 && !isDeciding) requireOne(given, readable, findings);
  if (!findings.isEmpty) return refused(findings);
  const touchpoint = eventWith(normalised, given) as unknown as Touchpoint;
  return { ok: true, touchpoint, happenedAt, identifiers: normalised.who };
}

/** Checks and normalises a body alone, as that of an event of this type whose customer is known. Pointers begin at `/data`. */
export function parseBody(
  type: string,
  data: unknown,
  { defaultRegion }: Pick<ParseOptions, 'defaultRegion'>,
  types: KnownTypes,
): BodyResult {
  const findings = new Findings();
  if (!isSound(data, BODY_DEPTH)) explainUnsound(data, findings, ['data']);
  const known = checkType(type, types, findings);
  checkBody(data, types.bodySchema(known), findings);
  const readable = isMembers(data) ? data : NOTHING;
  const normalised = normalise(NOTHING, readable, isDecision(type), { findings, defaultRegion });
  if (!findings.isEmpty) return refused(findings);
  return { ok: true, body: bodyWith(normalised, readable) as Body };
}

function refused(findings: Findings): ParseResult & { readonly ok: false } {
  return { ok: false, code: 'invalid-touchpoint', errors: findings.toArray() };
}

function checkBySchema(
  { schema, isRight }: QuickSchema<unknown>,
  input: Members,
  path: readonly PropertyKey[],
  findings: Findings,
): void {
  if (isRight(input)) return;
  const result = schema.safeParse(input);
  if (!result.success) findings.addIssues(result.error.issues, input, path);
}

/** CloudEvents, JSON format 2.2: a null attribute is one that is not set. */
function withoutUnset(input: Members): Members {
  for (const name in input) {
    if (input[name] === null || input[name] === undefined) {
      return Object.fromEntries(
        Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
      );
    }
  }
  return input;
}

function checkExtensions(event: Members, findings: Findings): void {
  for (const name in event) {
    if (ATTRIBUTES.has(name)) continue;
    if (SERVER_ATTRIBUTES.has(name)) {
      findings.add([name], 'not-allowed', 'must be left out: the server assigns it');
    } else if (name === 'data_base64') {
      findings.add([name], 'not-allowed', 'must be left out: send the body as JSON in data');
    } else if (!EXTENSION_NAME.test(name)) {
      const detail =
        'must be named with lower-case letters and digits only, at most 20; put other fields into data';
      findings.add([name], 'not-allowed', detail);
    } else if (!isExtensionValue(event[name])) {
      const detail = `must be a text of at most ${MAX_EXTENSION_LENGTH} characters, a whole number, true or false`;
      findings.add([name], 'wrong-type', detail);
    }
  }
}

function isExtensionValue(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_EXTENSION_LENGTH;
  return typeof value === 'boolean' || Number.isSafeInteger(value);
}

function checkTime(time: unknown, now: number, findings: Findings): number {
  if (typeof time !== 'string') return Number.NaN;
  const happenedAt = parseTime(time);
  if (happenedAt === undefined) {
    findings.add(['time'], 'wrong-format', TIME_DETAIL);
    return Number.NaN;
  }
  if (happenedAt > now + MAX_AHEAD_MS) {
    const serverTime = new Date(now).toISOString();
    const detail = `must not be more than ten minutes ahead of the server, whose time is ${serverTime}`;
    findings.add(['time'], 'in-the-future', detail);
  }
  return happenedAt;
}

function checkType(type: unknown, types: KnownTypes, findings: Findings): string | undefined {
  if (typeof type !== 'string') return undefined;
  if (types.has(type)) return type;
  const near = types.nearest(type);
  const hint = near.length === 0 ? '' : `; nearest: ${near.join(', ')}`;
  findings.add(['type'], 'unknown-type', `must be a type of the catalogue (GET /v1/event-types)${hint}`);
  return undefined;
}

function checkBody(data: unknown, schema: QuickSchema<Body>, findings: Findings): void {
  if (isMembers(data)) checkBySchema(schema, data, ['data'], findings);
  else findings.add(['data'], data === undefined ? 'required' : 'wrong-type', BODY_DETAIL);
}

/** Said only when none was tried: a malformed one has its own error. */
function requireOne(event: Members, body: Members, findings: Findings): void {
  const customer = isMembers(body.customer) ? body.customer : NOTHING;
  const given = [event.subject, customer.identifiers, body.about];
  if (given.some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0))) return;
  findings.add(['subject'], 'required', NOBODY_DETAIL);
}
