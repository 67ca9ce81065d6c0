import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { type Draft, type EachOutcome, type Journal, recordEach } from '@touchline/journal';
import type { ParsedTouchpoint } from '@touchline/touchpoints';
import { type Examiner, examineItem, examineLine, type Item } from './examine.ts';
import type { IntakeLimits } from './limits.ts';
import type { Line } from './lines.ts';
import type { OutcomeCounts } from './outcome-counts.ts';
import type { Rejection } from './rejection.ts';
import { type Summary, Tally } from './summary.ts';

export interface UploadParts {
  readonly journal: Pick<Journal, 'draft' | 'record'>;
  readonly examiner: Examiner;
  readonly limits: IntakeLimits;
  readonly counts: OutcomeCounts;
  /** Checks and records nothing. */
  readonly validateOnly: boolean;
  /** Hears of defects that make single touchpoints impossible to record. */
  readonly onDefect: (cause: unknown) => void;
}

/** The store failed in the middle of an upload. All before `doneBefore` is settled; sending all again is safe. */
export class UploadInterrupted extends Error {
  override readonly name = 'UploadInterrupted';
  readonly doneBefore: number;
  readonly summary: Summary;

  /** `doneBefore` is the place in the upload, from 0. */
  constructor(doneBefore: number, summary: Summary, cause: unknown) {
    super('the upload was interrupted', { cause });
    this.doneBefore = doneBefore;
    this.summary = summary;
  }
}

/** What is handed to the journal at once, with what was rejected in between. */
interface Group {
  readonly firstIndex: number;
  /** All that is kept of what is right: parsed events of a whole group would outlive the young generation. */
  readonly drafts: Draft[];
  /** Places in the upload of the drafts. */
  readonly indexes: number[];
  readonly rejections: Rejection[];
  /** Found right by an upload that only checks. */
  valid: number;
  bytes: number;
}

interface UnderWay {
  readonly group: Group;
  readonly outcomes: Promise<readonly EachOutcome[]>;
  isOver: boolean;
}

/**
 * Many events, each standing on its own. They are examined and drafted as they come and recorded in groups, a few of which
 * may be under way; what became of them is added up in the order of the upload.
 */
export class Upload {
  readonly #parts: UploadParts;
  readonly #tally: Tally;
  readonly #underWay: UnderWay[] = [];
  #group: Group | undefined;
  #taken = 0;

  constructor(parts: UploadParts) {
    this.#parts = parts;
    this.#tally = new Tally(parts.limits.maxRejections, parts.counts);
  }

  takeLine(line: Line): void {
    const { examiner, limits } = this.#parts;
    this.#take(line.index, line.bytes?.length ?? 0, examineLine(line, examiner, limits));
  }

  takeItem(item: { readonly event: unknown; readonly index: number; readonly bytes: number }): void {
    const { examiner, limits } = this.#parts;
    this.#take(item.index, item.bytes, examineItem(item, `Item ${item.index}`, examiner, limits));
  }

  /** Whether `handOver` should be called before more is taken. */
  get isGroupFull(): boolean {
    const { maxGroupTouchpoints, maxGroupBytes } = this.#parts.limits;
    const group = this.#group;
    if (group === undefined) return false;
    const size = group.drafts.length + group.rejections.length + group.valid;
    return size >= maxGroupTouchpoints || group.bytes >= maxGroupBytes;
  }

  /** Hands over what was taken. Waits while too much is under way. Throws `UploadInterrupted`. */
  async handOver(): Promise<void> {
    const group = this.#group;
    if (group === undefined) return;
    this.#group = undefined;
    const { journal, limits } = this.#parts;
    const outcomes = group.drafts.length === 0 ? NOTHING : recordEach(journal, group.drafts);
    const underWay = { group, outcomes, isOver: false };
    const over = () => {
      underWay.isOver = true;
    };
    // Heard when its turn comes; until then a failure is nobody's surprise.
    outcomes.then(over, over);
    this.#underWay.push(underWay);
    // Rejections wait for nothing: without a pause, lines that are all wrong would keep every other request waiting.
    await eventLoopTurn();
    // What is over is forgotten at once, before it grows old.
    while (this.#underWay[0]?.isOver === true || this.#underWay.length >= limits.maxGroupsUnderWay)
      await this.#settleOldest();
  }

  /** Hands over the rest and waits for all of it. Throws `UploadInterrupted`. */
  async finish(): Promise<Summary> {
    await this.handOver();
    while (this.#underWay.length > 0) await this.#settleOldest();
    return this.#tally.summary();
  }

  /**
   * Leaves what was not handed over and waits for the rest. Answers how far the upload is done: everything before
   * that place is recorded or rejected. Throws `UploadInterrupted`.
   */
  async stop(): Promise<{ readonly doneBefore: number; readonly summary: Summary }> {
    const doneBefore = this.#group?.firstIndex ?? this.#taken;
    this.#group = undefined;
    return { doneBefore, summary: await this.finish() };
  }

  get position(): bigint | undefined {
    return this.#tally.position;
  }

  #take(index: number, bytes: number, item: Item): void {
    this.#group ??= { firstIndex: index, drafts: [], indexes: [], rejections: [], valid: 0, bytes: 0 };
    this.#group.bytes += bytes;
    this.#taken = index + 1;
    if (!item.ok) this.#group.rejections.push(item.rejection);
    else if (this.#parts.validateOnly) this.#group.valid += 1;
    else this.#draft(index, item, this.#group);
  }

  #draft(index: number, parsed: ParsedTouchpoint, { drafts, indexes, rejections }: Group): void {
    try {
      drafts.push(this.#parts.journal.draft(parsed));
      indexes.push(index);
    } catch (cause) {
      this.#parts.onDefect(cause);
      rejections.push({ index, ...rejectionOf(parsed.touchpoint, 'internal') });
    }
  }

  async #settleOldest(): Promise<void> {
    const oldest = this.#underWay.shift();
    if (oldest === undefined) return;
    const { group, outcomes } = oldest;
    try {
      this.#settle(group, await outcomes);
    } catch (cause) {
      // The groups behind are let come to an end, so that nothing goes on after the answer.
      await Promise.allSettled(this.#underWay.map((behind) => behind.outcomes));
      throw new UploadInterrupted(group.firstIndex, this.#tally.summary(), cause);
    }
  }

  #settle(group: Group, outcomes: readonly EachOutcome[]): void {
    const late: Rejection[] = [];
    this.#tally.valid(group.valid);
    for (let at = 0; at < group.drafts.length; at++) {
      const draft = group.drafts[at] as Draft;
      const outcome = outcomes[at];
      if (outcome === undefined) throw new Error('The journal answered fewer outcomes than drafts.');
      if (outcome.ok) this.#tally.recorded(outcome.position, outcome.duplicate);
      else {
        if (outcome.code === 'internal') this.#parts.onDefect(outcome.cause);
        late.push({ index: group.indexes[at] ?? 0, ...rejectionOf(draft, outcome.code) });
      }
    }
    const all = late.length === 0 ? group.rejections : [...group.rejections, ...late];
    for (const rejection of all.sort((a, b) => a.index - b.index)) this.#tally.rejected(rejection);
  }
}

const NOTHING: Promise<readonly EachOutcome[]> = Promise.resolve([]);

const DETAILS = {
  'event-id-reused': 'The same source and id were recorded before with other content.',
  internal: 'It could not be recorded because of a mistake on our side.',
} as const;

function rejectionOf(
  { source, id }: Pick<Draft, 'source' | 'id'>,
  code: keyof typeof DETAILS,
): Omit<Rejection, 'index'> {
  return { source, id, code, detail: DETAILS[code] };
}
