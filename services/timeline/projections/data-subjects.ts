import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import { identifierWords, searchWords } from '../search-words.ts';

/** What a data subject was called on its touchpoints. What they add up to is counted from the entries when it is asked for. */
export interface DataSubjectRow {
  readonly subject: string;
  /** Position of its first touchpoint: its number in the search for customers. */
  readonly number: number;
  /** Every name given, sorted; bounded. Which was given last the entries tell. */
  readonly names: readonly string[];
  /** Identifiers seen on its touchpoints, in plain, sorted; bounded. */
  readonly identifiers: readonly string[];
}

export const dataSubjectsTable = defineTable<DataSubjectRow>({
  name: 'data_subjects',
  subject: 'subject',
  columns: { subject: 'text', number: 'integer', names: 'json', identifiers: 'json' },
  key: ['subject'],
  personal: ['names', 'identifiers'],
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

const MAX_NAMES = 20;
const MAX_IDENTIFIERS = 200;

/** Most touchpoints say of their data subject what others said before, and change no row. */
export function dataSubjectsProjection(): Projection<RecordedTouchpoint> {
  return {
    name: 'data-subjects',
    version: 3,
    tables: [dataSubjectsTable, profilesTable],
    prefetch(events, wish) {
      for (const event of events)
        if (wish.facts.get(sayingOf(event)) === undefined) wish.row(dataSubjectsTable, event.subject);
    },
    fold(recorded, rows) {
      const saying = sayingOf(recorded);
      if (rows.facts?.get(saying) !== undefined) return;
      const before = rows.get(dataSubjectsTable, recorded.subject);
      const after = learn(before ?? emptyRow(recorded), recorded);
      if (after !== before) {
        rows.put(dataSubjectsTable, after);
        rows.put(profilesTable, { number: after.number, subject: after.subject, words: profileWords(after) });
      }
      rows.facts?.set(saying, after.number);
    },
  };
}

/** Asked for twice for each event. */
const sayings = new WeakMap<RecordedTouchpoint, string>();

/** Names and identifiers are never taken away: what was said once is nothing new for ever. */
function sayingOf(recorded: RecordedTouchpoint): string {
  let saying = sayings.get(recorded);
  if (saying === undefined) {
    const name = nameOf(recorded);
    saying = [
      'called',
      recorded.subject,
      ...plainIdentifiers(recorded),
      name === undefined ? '' : `\n${name}`,
    ].join(' ');
    sayings.set(recorded, saying);
  }
  return saying;
}

function emptyRow({ subject, position }: RecordedTouchpoint): DataSubjectRow {
  return { subject, number: Number(position), names: [], identifiers: [] };
}

/** The same row when there is nothing to learn. */
function learn(row: DataSubjectRow, recorded: RecordedTouchpoint): DataSubjectRow {
  const name = nameOf(recorded);
  const names = name === undefined ? row.names : withAll(row.names, [name], MAX_NAMES);
  const identifiers = withAll(row.identifiers, plainIdentifiers(recorded), MAX_IDENTIFIERS);
  return names === row.names && identifiers === row.identifiers ? row : { ...row, names, identifiers };
}

/** Sorted and cut, so that the order of arrival leaves no trace in the row. */
function withAll(known: readonly string[], seen: readonly string[], max: number): readonly string[] {
  if (seen.every((text) => known.includes(text))) return known;
  return [...new Set([...known, ...seen])].sort().slice(0, max);
}

function nameOf({ touchpoint }: RecordedTouchpoint): string | undefined {
  return touchpoint.data.customer?.name;
}

function plainIdentifiers({ touchpoint }: RecordedTouchpoint): readonly string[] {
  const { subject, data } = touchpoint;
  const further = data.customer?.identifiers ?? [];
  return subject === undefined ? further : [subject, ...further];
}

function profileWords({ names, identifiers }: DataSubjectRow): string {
  const words = new Set(names.flatMap((name) => searchWords(name)));
  for (const identifier of identifiers) for (const word of identifierWords(identifier)) words.add(word);
  return [...words].join(' ');
}
