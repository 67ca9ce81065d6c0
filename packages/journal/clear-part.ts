import type { RecordedEvent } from '@touchline/event-store';
import type { Damage } from './damage.ts';
import { parseDocument } from './document.ts';

/** An event as everybody may see it who runs the installation: what is sealed stays so, no key is touched. */
export interface ClearPart {
  /** Identifier keys, strongest first: hashes, never the identifiers themselves. */
  readonly identifiers: readonly string[];
  /** Clear attributes of the envelope, without `specversion` and `type`. */
  readonly envelope: Readonly<Record<string, unknown>>;
  /** Clear fields of the body. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The personal part; `null` when the touchpoint has none. */
  readonly sealed: { readonly characters: number } | null;
  /** The document is not one that this version can read: the rest is empty. */
  readonly damage?: Extract<Damage, 'document-corrupt' | 'document-newer'>;
}

/** What of an event of the log is not sealed. Never throws: what cannot be read says so. */
export function clearPartOf(event: Pick<RecordedEvent, 'data'>): ClearPart {
  const document = parseDocument(event.data);
  if (document === 'corrupt') return unreadable('document-corrupt');
  if (document === 'newer') return unreadable('document-newer');
  return {
    identifiers: document.who.map(String),
    envelope: document.e,
    data: document.d,
    sealed: document.s === undefined ? null : { characters: document.s.length },
  };
}

function unreadable(damage: NonNullable<ClearPart['damage']>): ClearPart {
  return { identifiers: [], envelope: {}, data: {}, sealed: null, damage };
}
