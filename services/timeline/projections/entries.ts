import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { type Entry, entryOf, eventKeyOf } from '../entry.ts';
import { identifierWords, visitWords } from '../search-words.ts';

/** One row per touchpoint. Rows name the data subject, not the customer: merging and undoing a merge moves none of them. */
export interface EntryRow {
  readonly position: number;
  readonly subject: string;
  readonly happenedAt: number;
  readonly eventKey: number;
  readonly type: string;
  readonly channel: string;
  readonly department: string;
  /** The entry as it is served, JSON text made once. */
  readonly entry: string;
  readonly words: string;
}

export const entriesTable = defineTable<EntryRow>({
  name: 'entries',
  columns: {
    position: 'integer',
    subject: 'text',
    happenedAt: 'integer',
    eventKey: 'integer',
    type: 'text',
    channel: 'text',
    department: 'text',
    entry: 'text',
    words: 'tokens',
  },
  key: ['position'],
  indexes: [['subject', 'happenedAt', 'eventKey'], ['eventKey']],
  appendOnly: true,
});

export function entriesProjection(catalogue: Catalogue): Projection<RecordedTouchpoint> {
  return {
    name: 'entries',
    version: 1,
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
        entry: JSON.stringify(entry),
        words: wordsOf(entry, recorded),
      });
    },
  };
}

/** Longest text of one entry that is searched; the rest of a letter is shown and not indexed. */
const MAX_TEXT_LENGTH = 4_000;

function wordsOf(entry: Entry, { touchpoint }: RecordedTouchpoint): string {
  const words = new Set<string>();
  const add = (word: string): void => void words.add(word);
  let left = MAX_TEXT_LENGTH;
  visitTexts(touchpoint.data, MAX_TEXT_DEPTH, (text) => {
    if (left <= 0) return;
    visitWords(text.length > left ? text.slice(0, left) : text, add);
    left -= text.length;
  });
  for (const reference of entry.about) for (const word of identifierWords(reference)) words.add(word);
  return Array.from(words).join(' ');
}

/** Every text a person may remember: all strings of the body but identifiers (found through the customer) and controlled codes. */
function visitTexts(value: unknown, depth: number, visit: (text: string) => void): void {
  if (typeof value === 'string') visit(value);
  else if (depth === 0 || typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value)) for (const inner of value) visitTexts(inner, depth - 1, visit);
  else
    for (const key in value)
      if (!NOT_TEXT.has(key)) visitTexts((value as Record<string, unknown>)[key], depth - 1, visit);
}

const NOT_TEXT = new Set([
  'identifiers',
  'about',
  'channel',
  'direction',
  'stage',
  'currency',
  'amount',
  'sentiment',
  'cost',
  'dimension',
  'parties',
]);

const MAX_TEXT_DEPTH = 4;
