import { MAX_IDENTIFIER_LENGTH } from './identifier.ts';

const KIND = /^[a-z][a-z0-9-]*$/;
const SYSTEM = /^[a-z0-9-]+$/;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

export interface Reference {
  /** Normalised: `order:shop:8891`. */
  readonly uri: string;
  /** What it is: `order`, `invoice`, `quote`, `case`, ... */
  readonly kind: string;
  readonly system: string;
  readonly id: string;
}

/** What reading leaves as it is: nearly every reference. */
const PLAIN = /^[a-z][a-z0-9-]*:[a-z0-9-]+:[A-Za-z0-9._-]+$/;

/** A reference in its one way of writing. `undefined` when it is none. */
export function normaliseReference(text: string): string | undefined {
  if (text.length <= MAX_IDENTIFIER_LENGTH && PLAIN.test(text)) return text;
  return parseReference(text)?.uri;
}

/**
 * Reads a reference to a business object, `<kind>:<system>:<id>`. Kind and system are lower-cased, the id is kept as
 * it is but for NFC and spaces around it. `undefined` when it is not one or has more than 512 characters.
 */
export function parseReference(text: string): Reference | undefined {
  if (text.length > MAX_IDENTIFIER_LENGTH) return undefined;
  const first = text.indexOf(':');
  const second = first < 0 ? -1 : text.indexOf(':', first + 1);
  if (second < 0) return undefined;
  const kind = text.slice(0, first).trim().toLowerCase();
  const system = text
    .slice(first + 1, second)
    .trim()
    .toLowerCase();
  const id = text
    .slice(second + 1)
    .normalize('NFC')
    .trim();
  if (!KIND.test(kind) || !SYSTEM.test(system) || id === '' || CONTROL.test(id)) return undefined;
  const uri = `${kind}:${system}:${id}`;
  return uri.length > MAX_IDENTIFIER_LENGTH ? undefined : { uri, kind, system, id };
}
