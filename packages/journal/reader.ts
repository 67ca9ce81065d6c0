import type { RecordedEvent } from '@touchline/event-store';
import type { Catalogue, IdentifierKey, Touchpoint } from '@touchline/touchpoints';
import { type KeyRing, open, VaultError } from '@touchline/vault';
import type { Damage } from './damage.ts';
import { type PersonalPart, parseDocument, parsePersonalPart, type StoredDocument } from './document.ts';
import { parseIdentifierKey } from './identifier-keys.ts';
import type { RecordedTouchpoint } from './journal.ts';
import { findPageKeys, namedKey, type PageKeys } from './page-keys.ts';
import { subjectOf } from './stream.ts';

export interface ReaderParts {
  readonly keyRing: KeyRing;
  readonly catalogue: Catalogue;
}

type Document = ReturnType<typeof parseDocument>;

/** What became of the personal part. Without `part` there was none, or it cannot be opened. */
interface Opening {
  readonly part?: PersonalPart;
  readonly erased?: true;
  readonly damage?: Damage;
}

const NOTHING_SEALED: Opening = {};
const SHREDDED: Opening = { erased: true };

/** The read side: opens what was sealed, puts touchpoints together again and brings them to their newest version. */
export class Reader {
  readonly #parts: ReaderParts;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Every event answers one touchpoint, in the same order, however damaged it is. */
  async read(events: readonly RecordedEvent[]): Promise<readonly RecordedTouchpoint[]> {
    const documents = events.map(({ data }) => parseDocument(data));
    const keys = await findPageKeys(this.#parts.keyRing, keyidsOf(documents));
    return events.map((event, index) => this.#touchpointOf(event, documents[index] ?? 'corrupt', keys));
  }

  #touchpointOf(event: RecordedEvent, document: Document, keys: PageKeys): RecordedTouchpoint {
    if (document === 'newer') return unreadable(event, 'document-newer');
    if (document === 'corrupt') return unreadable(event, 'document-corrupt');
    const identifiers = identifiersOf(document);
    if (!identifiers) return unreadable(event, 'document-corrupt');
    const subject = subjectOf(event.stream);
    const opening = document.s === undefined ? NOTHING_SEALED : openPart(document.s, event.id, subject, keys);
    const touchpoint = assemble(event.type, document, opening.part);
    const damage = opening.damage ?? this.#upcast(touchpoint);
    const recorded: RecordedTouchpoint = {
      position: event.position,
      eventid: event.id,
      recordedAt: event.recordedAt,
      happenedAt: document.ms,
      subject,
      version: event.version,
      identifiers,
      touchpoint,
      erased: opening.erased ?? false,
    };
    return damage === undefined ? recorded : { ...recorded, damage };
  }

  /** An upcaster that cannot bear this body must not stop everyone else's. */
  #upcast(touchpoint: Touchpoint): Damage | undefined {
    try {
      const { type, body } = this.#parts.catalogue.upcast(touchpoint.type, touchpoint.data);
      touchpoint.type = type;
      touchpoint.data = body;
      return undefined;
    } catch {
      return 'upcast-failed';
    }
  }
}

function identifiersOf({ who }: StoredDocument): readonly IdentifierKey[] | undefined {
  const identifiers: IdentifierKey[] = [];
  for (const text of who) {
    const key = parseIdentifierKey(text);
    if (!key) return undefined;
    identifiers.push(key);
  }
  return identifiers;
}

function keyidsOf(documents: readonly Document[]): ReadonlySet<string> {
  const keyids = new Set<string>();
  for (const document of documents) {
    if (typeof document === 'string' || document.s === undefined) continue;
    const keyid = namedKey(document.s);
    if (keyid !== undefined) keyids.add(keyid);
  }
  return keyids;
}

function openPart(sealed: string, eventid: string, subject: string, { found, damaged }: PageKeys): Opening {
  const keyid = namedKey(sealed);
  if (keyid === undefined) return { damage: 'sealed-text-corrupt' };
  const key = found.get(keyid);
  if (!key) {
    const damage = damaged.get(keyid);
    return damage === undefined ? SHREDDED : { damage };
  }
  // An older copy of the key file gives the ids it has not seen yet to other data subjects.
  if (key.subject !== subject) return { damage: 'key-unknown' };
  try {
    const part = parsePersonalPart(open(key, sealed, eventid));
    return part ? { part } : { damage: 'sealed-text-corrupt' };
  } catch (error) {
    if (error instanceof VaultError && error.code === 'sealed-text-corrupt') return { damage: error.code };
    throw error;
  }
}

/** Works on the document itself, which was parsed for this. */
function assemble(type: string, { e, d }: StoredDocument, part: PersonalPart | undefined): Touchpoint {
  if (part?.e) Object.assign(e, part.e);
  if (part?.d) Object.assign(d, part.d);
  e.specversion = '1.0';
  e.type = type;
  e.data = d;
  return e as Touchpoint;
}

/** What is known of an event whose document is not: enough to say which one it is. */
function unreadable(event: RecordedEvent, damage: Damage): RecordedTouchpoint {
  const { position, id, recordedAt, stream, version, type } = event;
  const time = new Date(recordedAt).toISOString();
  return {
    position,
    eventid: id,
    recordedAt,
    happenedAt: recordedAt,
    subject: subjectOf(stream),
    version,
    identifiers: [],
    touchpoint: { specversion: '1.0', id, source: '', type, time, department: '', data: {} },
    erased: false,
    damage,
  };
}
