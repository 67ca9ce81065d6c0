import type { Append, AppendResult, EventStore } from '@touchline/event-store';
import { type Catalogue, eventIdOf, identifiersOf, parseTime, type Touchpoint } from '@touchline/touchpoints';
import { type KeyRing, keyedFingerprint, type SubjectKey, seal } from '@touchline/vault';
import type { IdentifierKeys, KnownIdentifier } from './identifier-keys.ts';
import type { Outcome } from './journal.ts';
import { streamOf } from './stream.ts';
import { hasPersonalPart, TouchpointWriter } from './touchpoint-writer.ts';

export interface RecorderParts {
  readonly eventStore: EventStore;
  readonly keyRing: KeyRing;
  readonly catalogue: Catalogue;
  readonly identifierKeys: IdentifierKeys;
}

/** A touchpoint and what is known of it before its key is there. */
interface Draft {
  readonly touchpoint: Touchpoint;
  readonly eventid: string;
  /** Strongest first; the first one names the data subject. */
  readonly identifiers: readonly KnownIdentifier[];
  readonly subject: string;
}

/** The write side: takes touchpoints apart, seals what is personal, and appends each on its own. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #writer: TouchpointWriter;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#writer = new TouchpointWriter(parts.catalogue);
  }

  async record(
    touchpoints: readonly Touchpoint[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly Outcome[]> {
    if (touchpoints.length === 0) return [];
    const drafts = touchpoints.map((touchpoint) => this.#draft(touchpoint));
    const keys = await this.#keysFor(drafts);
    // Only now are texts made, each to its end: pieces of texts that wait for a whole batch are costly to collect.
    const appends = drafts.map((draft) => this.#appendOf(draft, keys));
    const results = await this.#parts.eventStore.appendMany(appends, options);
    return drafts.map((draft, index) => outcomeOf(draft, results[index]));
  }

  #draft(touchpoint: Touchpoint): Draft {
    const { identifierKeys } = this.#parts;
    const identifiers = identifiersOf(touchpoint).map((identifier) => identifierKeys.of(identifier));
    const [strongest] = identifiers;
    if (!strongest) throw new TypeError('A touchpoint that concerns nobody was never validated.');
    const eventid = eventIdOf(touchpoint.source, touchpoint.id);
    return { touchpoint, eventid, identifiers, subject: strongest.key.subject };
  }

  async #keysFor(drafts: readonly Draft[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const { catalogue, keyRing } = this.#parts;
    const subjects: string[] = [];
    for (const { touchpoint, subject } of drafts) {
      if (hasPersonalPart(touchpoint, catalogue)) subjects.push(subject);
    }
    return subjects.length === 0 ? new Map() : keyRing.ensure(subjects);
  }

  #appendOf(
    { touchpoint, eventid, identifiers, subject }: Draft,
    keys: ReadonlyMap<string, SubjectKey>,
  ): Append {
    const happenedAt = parseTime(touchpoint.time);
    if (happenedAt === undefined) throw new TypeError('A touchpoint without a time was never validated.');
    const writer = this.#writer;
    const fingerprint = keyedFingerprint(this.#parts.keyRing.pepper, writer.take(touchpoint));
    const { personal } = writer;
    const sealed = personal === undefined ? undefined : seal(keyOf(subject, keys), personal, eventid);
    const data = writer.document({ happenedAt, who: identifiers, sealed });
    return { stream: streamOf(subject), events: [{ id: eventid, type: touchpoint.type, fingerprint, data }] };
  }
}

function keyOf(subject: string, keys: ReadonlyMap<string, SubjectKey>): SubjectKey {
  const key = keys.get(subject);
  if (!key) throw new Error('The key ring answered no key for a data subject it was asked to ensure.');
  return key;
}

function outcomeOf({ eventid, subject }: Draft, result: AppendResult | undefined): Outcome {
  if (result?.ok === false && result.code === 'event-id-reused') {
    return { ok: false, code: 'event-id-reused', eventid };
  }
  const receipt = result?.ok ? result.receipts[0] : undefined;
  if (!receipt) throw new Error('The event store answered an append of one event without its receipt.');
  return { ok: true, eventid, position: receipt.position, duplicate: receipt.duplicate, subject };
}
