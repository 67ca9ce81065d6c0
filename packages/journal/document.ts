/**
 * What the log holds of a touchpoint, as JSON; the README describes each field. Members are short because every event
 * pays for them.
 */
export interface StoredDocument {
  readonly v: typeof DOCUMENT_VERSION;
  /** When it happened, milliseconds since the epoch. */
  readonly ms: number;
  /** Identifier keys, strongest first. */
  readonly who: readonly unknown[];
  /** Clear attributes of the envelope. */
  readonly e: Record<string, unknown>;
  /** Clear fields of the body. */
  readonly d: Record<string, unknown>;
  /** The personal part, sealed. */
  readonly s?: string;
}

/** What is sealed, as JSON. */
export interface PersonalPart {
  readonly e?: Readonly<Record<string, unknown>>;
  readonly d?: Readonly<Record<string, unknown>>;
}

export const DOCUMENT_VERSION = 1;

/** Reads a stored document; `corrupt` or `newer` when it cannot be one of ours. */
export function parseDocument(text: string): StoredDocument | 'corrupt' | 'newer' {
  let value: Partial<StoredDocument> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return 'corrupt';
  }
  if (!isObject(value) || typeof value.v !== 'number') return 'corrupt';
  if (value.v !== DOCUMENT_VERSION) return 'newer';
  return isDocument(value) ? value : 'corrupt';
}

/** Reads an opened personal part; nothing when it cannot be one of ours. */
export function parsePersonalPart(text: string): PersonalPart | undefined {
  const value: PersonalPart | null = JSON.parse(text);
  if (!isObject(value)) return undefined;
  const { e, d } = value;
  return (e === undefined || isObject(e)) && (d === undefined || isObject(d)) ? value : undefined;
}

function isDocument(value: Partial<StoredDocument>): value is StoredDocument {
  return (
    Number.isSafeInteger(value.ms) &&
    Array.isArray(value.who) &&
    isObject(value.e) &&
    isObject(value.d) &&
    (value.s === undefined || typeof value.s === 'string')
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
