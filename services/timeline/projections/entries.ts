import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { entryOf, eventKeyOf } from '../entry.ts';
import { bodyWords } from './body-words.ts';

/** One row per touchpoint. Rows name the data subject, not the customer: merging and undoing a merge moves none of them. */
export interface EntryRow {
  readonly position: number;
  readonly subject: string;
  readonly happenedAt: number;
  readonly eventKey: number;
  readonly type: string;
  readonly channel: string;
  readonly department: string;
  /** 1 when it gives the name of its data subject, else 0. */
  readonly named: number;
  /** The entry as it is served, JSON text made once. */
  readonly entry: string;
  readonly words: string;
}

export const entriesTable = defineTable<EntryRow>({
  name: 'entries',
  subject: 'subject',
  columns: {
    position: 'integer',
    subject: 'text',
    happenedAt: 'integer',
    eventKey: 'integer',
    type: 'text',
    channel: 'text',
    department: 'text',
    named: 'integer',
    entry: 'text',
    words: 'tokens',
  },
  key: ['position'],
  // Types and names are counted and found without a look at the rows, which are large.
  indexes: [['subject', 'happenedAt', 'eventKey', 'type', 'named'], ['eventKey']],
  appendOnly: true,
  personal: ['entry', 'words'],
});

export function entriesProjection(catalogue: Catalogue): Projection<RecordedTouchpoint> {
  return {
    name: 'entries',
    version: 5,
    tables: [entriesTable],
    fold(recorded, rows) {
      if (recorded.damage !== undefined)
        throw new Error(`the sealed part cannot be opened: ${recorded.damage}`);
      const entry = entryOf(recorded, catalogue);
      rows.put(entriesTable, {
        position: Number(recorded.position),
        subject: recorded.subject,
        happenedAt: recorded.happenedAt,
        eventKey: eventKeyOf(recorded.eventid),
        type: entry.type,
        channel: entry.channel,
        department: entry.department,
        named: recorded.touchpoint.data.customer?.name === undefined ? 0 : 1,
        entry: JSON.stringify(entry),
        words: wordsOf(recorded),
      });
    },
  };
}

/** Of a correction only what it says about itself: the body it brings is found through the entry it corrects. */
function wordsOf({ touchpoint: { type, data } }: RecordedTouchpoint): string {
  if (type !== CORRECTED) return bodyWords(data);
  const { replacement: _, ...own } = data;
  return bodyWords(own);
}

const CORRECTED = 'touchline.record.corrected.v1';
