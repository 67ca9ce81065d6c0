import {
  IDENTIFIER_KINDS,
  type Identifier,
  type IdentifierKey,
  isCustomerId,
  parseIdentifier,
} from '@touchline/touchpoints';
import { pseudonym, RecencyCache } from '@touchline/vault';

/** Few enough to stay cheap when they do not suffice: hashing costs only four times as much as remembering. */
const MAX_REMEMBERED_IDENTIFIERS = 30_000;

export interface KnownIdentifier {
  readonly key: IdentifierKey;
  /** The key as the log writes it: `kind:subject`, for accounts `account:subject:owner`. */
  readonly text: string;
}

/** Identifiers as this installation knows them: hashed with its pepper. */
export class IdentifierKeys {
  readonly #pepper: Buffer;
  readonly #known = new RecencyCache<string, KnownIdentifier>(MAX_REMEMBERED_IDENTIFIERS);

  constructor(pepper: Buffer) {
    this.#pepper = pepper;
  }

  of(identifier: Identifier): KnownIdentifier {
    const known = this.#known.get(identifier.uri);
    if (known?.key.kind === identifier.kind) return known;
    const fresh = this.#hash(identifier);
    this.#known.set(identifier.uri, fresh);
    return fresh;
  }

  /** Of a normalised URI; whatever has none of the schemes of identifiers is a customer id or a reference. */
  identify(uri: string): IdentifierKey {
    const known = this.#known.get(uri);
    if (known) return known.key;
    const parsed = parseIdentifier(uri);
    if (parsed.ok) return this.of(parsed.identifier).key;
    return this.of({ uri, kind: isCustomerId(uri) ? 'customer' : 'reference' }).key;
  }

  #hash({ uri, kind, owner }: Identifier): KnownIdentifier {
    // A customer id is the id of a data subject already.
    const subject = kind === 'customer' ? uri : pseudonym(this.#pepper, uri);
    const key = owner === undefined ? { subject, kind } : { subject, kind, owner };
    return { key, text: owner === undefined ? `${kind}:${subject}` : `${kind}:${subject}:${owner}` };
  }
}

const KINDS: ReadonlySet<string> = new Set(IDENTIFIER_KINDS);
const SUBJECT_LENGTH = 24;

/** Reads what the log wrote; nothing when it is no identifier key. Parsing costs less than remembering. */
export function parseIdentifierKey(text: unknown): IdentifierKey | undefined {
  if (typeof text !== 'string') return undefined;
  const colon = text.indexOf(':');
  const end = colon + 1 + SUBJECT_LENGTH;
  const kind = text.slice(0, colon);
  if (!isKind(kind) || text.length < end) return undefined;
  const subject = text.slice(colon + 1, end);
  if (text.length === end) return { subject, kind };
  return text[end] === ':' ? { subject, kind, owner: text.slice(end + 1) } : undefined;
}

function isKind(text: string): text is IdentifierKey['kind'] {
  return KINDS.has(text);
}
