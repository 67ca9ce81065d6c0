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
const OPENING_BRACE = 0x7b;

export function documentText(fields: {
  readonly happenedAt: number;
  readonly who: readonly { readonly text: string }[];
  /** Members, without braces. */
  readonly envelope: string;
  readonly body: string;
  readonly sealed: string | undefined;
}): string {
  const { happenedAt, who, envelope, body, sealed } = fields;
  const identifiers = who.length === 1 ? who[0]?.text : who.map(({ text }) => text).join('","');
  const clear = `{"v":${DOCUMENT_VERSION},"ms":${happenedAt},"who":["${identifiers}"],"e":{${envelope}},"d":{${body}}`;
  return flat(sealed === undefined ? `${clear}}` : `${clear},"s":"${sealed}"}`);
}

/**
 * The same text in one piece. Strings that were put together keep all their pieces alive until somebody looks into
 * them, which for a whole batch costs more to collect than everything else.
 */
function flat(text: string): string {
  if (text.charCodeAt(0) !== OPENING_BRACE) throw new Error('A document is a JSON object.');
  return text;
}

/** The personal part as JSON; nothing when there is none. */
export function personalText(envelope: string, body: string): string | undefined {
  if (envelope === '') return body === '' ? undefined : `{"d":{${body}}}`;
  return body === '' ? `{"e":{${envelope}}}` : `{"e":{${envelope}},"d":{${body}}}`;
}

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
