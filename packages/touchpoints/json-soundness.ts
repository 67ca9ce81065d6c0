import type { Findings } from './findings.ts';

/** Objects and lists within each other, the event itself included. */
export const MAX_NESTING = 32;

const FORBIDDEN_KEY = '__proto__';

/**
 * Whether a value can be stored, searched and read everywhere: well-formed Unicode without U+0000 (no database
 * keeps it), numbers that were read as they were written, bounded nesting, no key that changes prototypes. Cheap,
 * since it runs for every event.
 */
export function isSound(value: unknown, depth = 1): boolean {
  switch (typeof value) {
    case 'string':
      return isSoundText(value);
    case 'number':
      return isSoundNumber(value);
    case 'boolean':
    case 'undefined':
      return true;
    case 'object':
      return value === null || (depth <= MAX_NESTING && hasSoundMembers(value, depth));
    default:
      return false;
  }
}

function hasSoundMembers(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const entry of value) if (!isSound(entry, depth + 1)) return false;
    return true;
  }
  for (const key in value) {
    if (!isSoundText(key) || key === FORBIDDEN_KEY) return false;
    if (!isSound((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Whole numbers beyond 2^53 are rounded when they are read: an order number would become another. */
function isSoundNumber(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function isSoundText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Says where a value is not sound. Only for values that are known not to be. */
export function explainUnsound(value: unknown, findings: Findings, path: readonly PropertyKey[] = []): void {
  if (isSound(value, path.length + 1)) return;
  if (typeof value === 'string') {
    findings.add(path, 'malformed-text', 'must be well-formed Unicode without U+0000');
  } else if (typeof value === 'number') {
    findings.add(path, 'out-of-range', `must be at most ${Number.MAX_SAFE_INTEGER} either way, or a text`);
  } else if (typeof value !== 'object' || value === null) {
    findings.add(path, 'wrong-type', 'must be a JSON value');
  } else if (path.length >= MAX_NESTING) {
    findings.add(path, 'too-deep', `must not be nested deeper than ${MAX_NESTING} levels`);
  } else {
    explainMembers(value, findings, path);
  }
}

function explainMembers(value: object, findings: Findings, path: readonly PropertyKey[]): void {
  for (const [key, member] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (key === FORBIDDEN_KEY) findings.add(place, 'not-allowed', 'must have another name');
    else if (isSoundText(key)) explainUnsound(member, findings, place);
    else findings.add(place, 'malformed-text', 'must have a name of well-formed Unicode without U+0000');
  }
}
