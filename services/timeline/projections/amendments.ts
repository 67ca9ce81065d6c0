import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import { eventKeyOf } from '../entry.ts';
import { bodyWords } from './body-words.ts';

/**
 * One row per correction or retraction, whatever else was said about the entry: recording one never touches the others.
 * It may be there before the entry is. What counts is decided when it is read; see `queries/standing.ts`.
 */
export interface AmendmentRow {
  /** Of the event that amends: nothing is known of it as of an earlier position. */
  readonly position: number;
  readonly kind: AmendmentKind;
  /** Event id of the entry that is amended, and the key made from it. */
  readonly target: string;
  readonly targetKey: number;
  readonly happenedAt: number;
  readonly eventKey: number;
  readonly eventid: string;
  readonly time: string;
  readonly amendedBy: string | null;
  readonly reason: string | null;
  /** The body as it should have been, whole, as JSON; null for retractions, and where it was erased. */
  readonly replacement: string | null;
  /** What the corrected entry is found by. */
  readonly words: string;
}

export type AmendmentKind = 'correction' | 'retraction';

export const amendmentsTable = defineTable<AmendmentRow>({
  name: 'amendments',
  columns: {
    position: 'integer',
    kind: 'text',
    target: 'text',
    targetKey: 'integer',
    happenedAt: 'integer',
    eventKey: 'integer',
    eventid: 'text',
    time: 'text',
    amendedBy: 'text?',
    reason: 'text?',
    replacement: 'text?',
    words: 'tokens',
  },
  key: ['position'],
  indexes: [['targetKey', 'kind', 'happenedAt', 'eventKey']],
  appendOnly: true,
  personal: ['reason', 'replacement', 'words'],
});

const KINDS: Readonly<Record<string, AmendmentKind>> = {
  'touchline.record.corrected.v1': 'correction',
  'touchline.record.retracted.v1': 'retraction',
};

export function amendmentsProjection(): Projection<RecordedTouchpoint> {
  return {
    name: 'amendments',
    version: 4,
    tables: [amendmentsTable],
    fold(recorded, rows) {
      const kind = KINDS[recorded.touchpoint.type];
      const { target } = recorded.touchpoint.data;
      if (kind !== undefined && typeof target === 'string')
        rows.put(amendmentsTable, amendmentOf(recorded, kind, target));
    },
  };
}

function amendmentOf(
  { eventid, position, happenedAt, touchpoint }: RecordedTouchpoint,
  kind: AmendmentKind,
  target: string,
): AmendmentRow {
  const { data } = touchpoint;
  const replacement = kind === 'correction' && isBody(data.replacement) ? data.replacement : undefined;
  return {
    position: Number(position),
    kind,
    target,
    targetKey: eventKeyOf(target),
    happenedAt,
    eventKey: eventKeyOf(eventid),
    eventid,
    time: touchpoint.time,
    amendedBy: touchpoint.authid ?? null,
    reason: data.reason ?? null,
    replacement: replacement === undefined ? null : JSON.stringify(replacement),
    words: replacement === undefined ? '' : bodyWords(replacement),
  };
}

function isBody(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
