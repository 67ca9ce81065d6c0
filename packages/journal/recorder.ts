import type { Append, AppendResult, EventStore } from '@touchline/event-store';
import {
  type Catalogue,
  eventIdOf,
  identifiersOf,
  type ParsedTouchpoint,
  parseTime,
  type Touchpoint,
} from '@touchline/touchpoints';
import { type KeyRing, keyedFingerprint, type SubjectKey } from '@touchline/vault';
import type { IdentifierKeys } from './identifier-keys.ts';
import type { Draft, Outcome } from './journal.ts';
import { Room } from './room.ts';
import { streamOf } from './stream.ts';
import { TouchpointWriter } from './touchpoint-writer.ts';
import { WrittenDraft } from './written-draft.ts';

/** As many as there are mostly calls under way. */
const MAX_SPARE_ROOMS = 4;

export interface RecorderParts {
  readonly eventStore: EventStore;
  readonly keyRing: KeyRing;
  readonly catalogue: Catalogue;
  readonly identifierKeys: IdentifierKeys;
}

/** The write side: takes touchpoints apart, seals what is personal, and appends each on its own. */
export class Recorder {
  readonly #parts: RecorderParts;
  readonly #writer: TouchpointWriter;
  readonly #rooms: Room[] = [];

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#writer = new TouchpointWriter(parts.catalogue);
  }

  draft({ touchpoint, happenedAt, identifiers }: ParsedTouchpoint): WrittenDraft {
    const { identifierKeys, keyRing } = this.#parts;
    const who = identifiers.map((identifier) => identifierKeys.of(identifier));
    const [strongest] = who;
    if (!strongest) throw new TypeError('A touchpoint that concerns nobody was never validated.');
    const { source, id, type } = touchpoint;
    const writer = this.#writer;
    return new WrittenDraft({
      source,
      id,
      type,
      eventid: eventIdOf(source, id),
      subject: strongest.key.subject,
      fingerprint: keyedFingerprint(keyRing.pepper, writer.take(touchpoint)),
      clear: writer.clear(happenedAt, who),
      personal: writer.personal(),
    });
  }

  async record(
    touchpoints: readonly (Touchpoint | Draft)[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly Outcome[]> {
    if (touchpoints.length === 0) return [];
    const drafts = touchpoints.map((given) =>
      given instanceof WrittenDraft ? given : this.draft(parsed(given as Touchpoint)),
    );
    const keys = await this.#keysFor(drafts);
    const room = this.#rooms.pop() ?? new Room();
    const appends = drafts.map((draft) => appendOf(draft, keys, room));
    const results = await this.#parts.eventStore.appendMany(appends, options);
    // Not after a failure: what was handed over may still be on its way.
    this.#giveBack(room);
    return drafts.map((draft, index) => outcomeOf(draft, results[index]));
  }

  #giveBack(room: Room): void {
    room.clear();
    if (this.#rooms.length < MAX_SPARE_ROOMS) this.#rooms.push(room);
  }

  async #keysFor(drafts: readonly WrittenDraft[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const subjects: string[] = [];
    for (const { personal, subject } of drafts) if (personal !== undefined) subjects.push(subject);
    return subjects.length === 0 ? new Map() : this.#parts.keyRing.ensure(subjects);
  }
}

function parsed(touchpoint: Touchpoint): ParsedTouchpoint {
  const happenedAt = parseTime(touchpoint.time);
  if (happenedAt === undefined) throw new TypeError('A touchpoint without a time was never validated.');
  return { touchpoint, happenedAt, identifiers: identifiersOf(touchpoint) };
}

function appendOf(draft: WrittenDraft, keys: ReadonlyMap<string, SubjectKey>, room: Room): Append {
  const { eventid, type, subject, fingerprint, clear, personal } = draft;
  const data = personal === undefined ? clear : draft.sealed(personal, keyOf(subject, keys), room);
  return { stream: streamOf(subject), events: [{ id: eventid, type, fingerprint, data }] };
}

function keyOf(subject: string, keys: ReadonlyMap<string, SubjectKey>): SubjectKey {
  const key = keys.get(subject);
  if (!key) throw new Error('The key ring answered no key for a data subject it was asked to ensure.');
  return key;
}

function outcomeOf({ eventid, subject }: WrittenDraft, result: AppendResult | undefined): Outcome {
  if (result?.ok === false && result.code === 'event-id-reused') {
    return { ok: false, code: 'event-id-reused', eventid };
  }
  const receipt = result?.ok ? result.receipts[0] : undefined;
  if (!receipt) throw new Error('The event store answered an append of one event without its receipt.');
  return { ok: true, eventid, position: receipt.position, duplicate: receipt.duplicate, subject };
}
