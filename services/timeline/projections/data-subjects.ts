import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import { eventKeyOf } from '../entry.ts';
import { identifierWords, searchWords } from '../search-words.ts';

/** What the touchpoints of one data subject add up to. A customer's figures are the sums over its data subjects. */
export interface DataSubjectRow {
  readonly subject: string;
  /** Position of its first touchpoint: its number in the search for customers. */
  readonly number: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The name given last, by the time it was given. */
  readonly name: string | null;
  readonly namedAt: number;
  readonly namedKey: number;
  /** Identifiers seen on its touchpoints, in plain, sorted; bounded. */
  readonly identifiers: readonly string[];
}

export const dataSubjectsTable = defineTable<DataSubjectRow>({
  name: 'data_subjects',
  subject: 'subject',
  columns: {
    subject: 'text',
    number: 'integer',
    firstAt: 'integer',
    lastAt: 'integer',
    counts: 'json',
    name: 'text?',
    namedAt: 'integer',
    namedKey: 'integer',
    identifiers: 'json',
  },
  key: ['subject'],
  personal: ['name', 'identifiers'],
});

export interface ProfileRow {
  readonly number: number;
  readonly subject: string;
  readonly words: string;
}

/** What a customer is found by: names and identifiers, per data subject. */
export const profilesTable = defineTable<ProfileRow>({
  name: 'profiles',
  columns: { number: 'integer', subject: 'text', words: 'tokens' },
  key: ['number'],
  revisited: 'seldom',
  personal: ['words'],
});

const MAX_IDENTIFIERS = 200;

export function dataSubjectsProjection(): Projection<RecordedTouchpoint> {
  return {
    name: 'data-subjects',
    version: 2,
    tables: [dataSubjectsTable, profilesTable],
    prefetch(events, wish) {
      for (const event of events) wish.row(dataSubjectsTable, event.subject);
    },
    fold(recorded, rows) {
      const before = rows.get(dataSubjectsTable, recorded.subject);
      const after = add(before ?? emptyRow(recorded), recorded);
      rows.put(dataSubjectsTable, after);
      if (before?.name === after.name && before.identifiers === after.identifiers) return;
      rows.put(profilesTable, { number: after.number, subject: after.subject, words: profileWords(after) });
    },
  };
}

function emptyRow({ subject, position, happenedAt }: RecordedTouchpoint): DataSubjectRow {
  return {
    subject,
    number: Number(position),
    firstAt: happenedAt,
    lastAt: happenedAt,
    counts: {},
    name: null,
    namedAt: 0,
    namedKey: 0,
    identifiers: [],
  };
}

function add(row: DataSubjectRow, recorded: RecordedTouchpoint): DataSubjectRow {
  const { touchpoint, happenedAt } = recorded;
  return {
    ...row,
    firstAt: Math.min(row.firstAt, happenedAt),
    lastAt: Math.max(row.lastAt, happenedAt),
    counts: counted(row.counts, touchpoint.type),
    identifiers: withIdentifiers(row.identifiers, plainIdentifiers(recorded)),
    ...latestName(row, recorded),
  };
}

/** Keys in alphabetical order, so that the order of arrival leaves no trace in the row. */
function counted(counts: DataSubjectRow['counts'], type: string): DataSubjectRow['counts'] {
  const known = counts[type];
  if (known !== undefined) return { ...counts, [type]: known + 1 };
  return Object.fromEntries(Object.entries({ ...counts, [type]: 1 }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function latestName(
  row: DataSubjectRow,
  { touchpoint, happenedAt, eventid }: RecordedTouchpoint,
): Pick<DataSubjectRow, 'name' | 'namedAt' | 'namedKey'> {
  const name = touchpoint.data.customer?.name;
  const key = eventKeyOf(eventid);
  const isLater = happenedAt > row.namedAt || (happenedAt === row.namedAt && key > row.namedKey);
  if (name === undefined || (row.name !== null && !isLater))
    return { name: row.name, namedAt: row.namedAt, namedKey: row.namedKey };
  return { name, namedAt: happenedAt, namedKey: key };
}

function withIdentifiers(known: readonly string[], seen: readonly string[]): readonly string[] {
  if (seen.every((identifier) => known.includes(identifier))) return known;
  return [...new Set([...known, ...seen])].sort().slice(0, MAX_IDENTIFIERS);
}

function plainIdentifiers({ touchpoint }: RecordedTouchpoint): readonly string[] {
  const { subject, data } = touchpoint;
  const further = data.customer?.identifiers ?? [];
  return subject === undefined ? further : [subject, ...further];
}

function profileWords(row: DataSubjectRow): string {
  const words = new Set(row.name === null ? [] : searchWords(row.name));
  for (const identifier of row.identifiers) for (const word of identifierWords(identifier)) words.add(word);
  return [...words].join(' ');
}
