import { type Identifier, type IdentifierKey, isCustomerId, parseIdentifier } from '@touchline/touchpoints';
import { pseudonym, RecencyCache } from '@touchline/vault';

/** Hashing an identifier costs more than looking it up. */
const MAX_REMEMBERED_IDENTIFIERS = 50_000;

export interface KnownIdentifier {
  readonly key: IdentifierKey;
  /** The key as the log writes it: `kind:subject`, for accounts `account:subject:owner`. */
  readonly text: string;
}

/** Identifiers as this installation knows them: hashed with its pepper. */
export class IdentifierKeys {
  readonly #pepper: Buffer;
  readonly #known = new RecencyCache<string, KnownIdentifier>(MAX_REMEMBERED_IDENTIFIERS);
  readonly #read = new RecencyCache<string, IdentifierKey>(MAX_REMEMBERED_IDENTIFIERS);

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

  /** Reads what the log wrote; nothing when it is no identifier key. */
  read(text: unknown): IdentifierKey | undefined {
    if (typeof text !== 'string') return undefined;
    const known = this.#read.get(text);
    if (known) return known;
    const key = identifierKeyOf(text);
    if (key) this.#read.set(text, key);
    return key;
  }

  #hash({ uri, kind, owner }: Identifier): KnownIdentifier {
    // A customer id is the id of a data subject already.
    const subject = kind === 'customer' ? uri : pseudonym(this.#pepper, uri);
    const key = Object.freeze(owner === undefined ? { subject, kind } : { subject, kind, owner });
    return { key, text: owner === undefined ? `${kind}:${subject}` : `${kind}:${subject}:${owner}` };
  }
}

const WRITTEN_KEY =
  /^(account|mailto|tel|wechat|device|cookie|reference|customer):([0-9a-f]{24})(?::(.+))?$/s;

function identifierKeyOf(text: string): IdentifierKey | undefined {
  const [, kind, subject, owner] = WRITTEN_KEY.exec(text) ?? [];
  if (kind === undefined || subject === undefined) return undefined;
  const named = { subject, kind: kind as IdentifierKey['kind'] };
  return Object.freeze(owner === undefined ? named : { ...named, owner });
}
