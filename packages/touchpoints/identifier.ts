import type { IdentifierKind } from './identifier-key.ts';
import { normalisePhone } from './phone.ts';

export const MAX_IDENTIFIER_LENGTH = 512;

export interface Identifier {
  /** Normalised: two ways of writing the same identifier have the same `uri`. */
  readonly uri: string;
  readonly kind: IdentifierKind;
  /** Only for accounts: the system that gave the number. */
  readonly owner?: string;
}

export type IdentifierResult =
  | { readonly ok: true; readonly identifier: Identifier }
  | { readonly ok: false; readonly detail: string };

export interface IdentifierOptions {
  /** ISO 3166 country (`CN`) from which numbers without `+` are dialled. */
  readonly defaultRegion?: string | undefined;
}

type Normalised = { readonly ok: true; readonly uri: string; readonly owner?: string } | Refusal;
type Refusal = { readonly ok: false; readonly detail: string };

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const WORD = /^[a-z0-9-]+$/;
const OPAQUE = /^[A-Za-z0-9_-]+$/;
const MAIL = /^[^\s@"(),:;<>[\\\]\p{Cc}]+@[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u;

export const IDENTIFIER_EXAMPLES =
  'tel:+8613800138000, mailto:li.lei@example.com, account:shop:1001, wechat:<app>:<openid>, device:<id> or cookie:<id>';

/** What reading leaves as it is: nearly every identifier but telephone numbers, which depend on numbering plans. */
const PLAIN = /^(?:mailto:[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*|account:[a-z0-9-]+:[A-Za-z0-9._-]+)$/;

/**
 * Reads one identifier URI and normalises it; normalising again changes nothing. Pure: same text and region, same
 * answer. At most 512 characters, before and after.
 */
export function parseIdentifier(text: string, options: IdentifierOptions = {}): IdentifierResult {
  if (text.length > MAX_IDENTIFIER_LENGTH) return TOO_LONG;
  const plain = PLAIN.test(text) ? identifierOf(text) : undefined;
  if (plain !== undefined) return { ok: true, identifier: plain };
  const trimmed = text.trim();
  const colon = trimmed.indexOf(':');
  const kind = kindOf(trimmed) ?? kindOf(trimmed.slice(0, colon + 1).toLowerCase());
  if (kind === undefined) return refuse(unknownScheme(trimmed));
  const result = normalise(kind, trimmed.slice(colon + 1), options.defaultRegion);
  if (!result.ok) return result;
  if (result.uri.length > MAX_IDENTIFIER_LENGTH) return TOO_LONG;
  const { uri, owner } = result;
  return { ok: true, identifier: owner === undefined ? { uri, kind } : { uri, kind, owner } };
}

/** The identifier of a URI that is normalised already; `undefined` when it has none of the six schemes. */
export function identifierOf(uri: string): Identifier | undefined {
  const kind = kindOf(uri);
  if (kind === undefined) return undefined;
  return kind === 'account' ? { uri, kind, owner: uri.slice(8, uri.indexOf(':', 8)) } : { uri, kind };
}

type Scheme = Exclude<IdentifierKind, 'reference' | 'customer'>;

const SCHEMES: readonly Scheme[] = ['account', 'mailto', 'tel', 'wechat', 'device', 'cookie'];

function kindOf(uri: string): Scheme | undefined {
  for (const scheme of SCHEMES) {
    if (uri.charCodeAt(scheme.length) === COLON && uri.startsWith(scheme)) return scheme;
  }
  return undefined;
}

const COLON = 58;

const TOO_LONG: Refusal = { ok: false, detail: `must have at most ${MAX_IDENTIFIER_LENGTH} characters` };

function normalise(kind: Scheme, rest: string, region: string | undefined): Normalised {
  switch (kind) {
    case 'account':
      return account(rest);
    case 'mailto':
      return mail(rest);
    case 'tel': {
      const phone = normalisePhone(rest, region);
      return phone.ok ? { ok: true, uri: `tel:${phone.number}` } : phone;
    }
    case 'wechat':
      return wechat(rest);
    default:
      return opaque(kind, rest);
  }
}

function account(rest: string): Normalised {
  const colon = rest.indexOf(':');
  const owner = rest.slice(0, Math.max(0, colon)).trim().toLowerCase();
  const id = rest
    .slice(colon + 1)
    .normalize('NFC')
    .trim();
  if (!WORD.test(owner)) {
    return refuse('must name the owning system in letters, digits and hyphens, e.g. account:shop:1001');
  }
  if (id === '' || CONTROL.test(id))
    return refuse('must have a customer number after the owner, e.g. account:shop:1001');
  return { ok: true, uri: `account:${owner}:${id}`, owner };
}

function mail(rest: string): Normalised {
  const address = decode(rest.split('?', 1)[0] ?? '')
    ?.normalize('NFC')
    .trim()
    .toLowerCase()
    .normalize('NFC');
  if (address === undefined || !MAIL.test(address)) {
    return refuse('must be one e-mail address without a display name, e.g. mailto:li.lei@example.com');
  }
  return { ok: true, uri: `mailto:${address.replace(/[%?#]/g, encodeURIComponent)}` };
}

/** RFC 6068 writes some characters of an address as `%xx`. */
function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function wechat(rest: string): Normalised {
  const colon = rest.indexOf(':');
  const app = rest.slice(0, Math.max(0, colon)).trim();
  const openid = rest.slice(colon + 1).trim();
  if (!OPAQUE.test(app) || !OPAQUE.test(openid)) {
    return refuse('must name app and openid, e.g. wechat:wxd930ea5d5a258f4f:oUpF8uMuAJO_M2pxb1Q9zNjWeS6o');
  }
  return { ok: true, uri: `wechat:${app}:${openid}` };
}

function opaque(kind: 'device' | 'cookie', rest: string): Normalised {
  const id = rest.normalize('NFC').trim();
  if (id === '' || CONTROL.test(id)) return refuse(`must have an id after the scheme, e.g. ${kind}:3f2a9c`);
  return { ok: true, uri: `${kind}:${id}` };
}

function unknownScheme(text: string): string {
  if (/^\+?[\d\s()-]{5,}$/.test(text)) return 'must be a URI: write tel: before the number';
  if (MAIL.test(text)) return 'must be a URI: write mailto: before the address';
  return `must be an identifier such as ${IDENTIFIER_EXAMPLES}`;
}

function refuse(detail: string): Refusal {
  return { ok: false, detail };
}
