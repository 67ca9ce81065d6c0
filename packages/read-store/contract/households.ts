import { defineTable, type Foldable, type JsonValue, type ReadModel, type Rows } from '../index.ts';

/**
 * A small read model that uses everything a projection may use. People write letters; households of people join and part.
 * What each person's rows come to does not depend on who belongs to whom, but very much on the order of their letters.
 */
export interface HouseholdEvent extends Foldable {
  /** `join` ties its subject to `other`; `part` undoes the join of the two at position `undoes`, known already or not. */
  readonly kind: 'letter' | 'join' | 'part';
  readonly other?: string;
  readonly undoes?: number;
  readonly amount: number;
  /** Where the log may hold it twice. */
  readonly eventid?: string;
}

interface PersonRow {
  readonly subject: string;
  readonly household: string;
}

export const people = defineTable<PersonRow>({
  name: 'people',
  columns: { subject: 'text', household: 'text' },
  key: ['subject'],
  indexes: [['household']],
});

interface TieRow {
  readonly position: number;
  readonly one: string;
  readonly other: string;
  readonly undone: number;
}

export const ties = defineTable<TieRow>({
  name: 'ties',
  columns: { position: 'integer', one: 'text', other: 'text', undone: 'integer' },
  key: ['position'],
  indexes: [['one'], ['other', 'undone']],
});

interface AccountRow {
  readonly subject: string;
  readonly letters: number;
  readonly sum: number;
  /** Depends on every letter so far and on their order. */
  readonly chain: string;
  readonly last: JsonValue;
  readonly note: string | null;
}

export const accounts = defineTable<AccountRow>({
  name: 'accounts',
  subject: 'subject',
  columns: {
    subject: 'text',
    letters: 'integer',
    sum: 'integer',
    chain: 'text',
    last: 'json',
    note: 'text?',
  },
  key: ['subject'],
});

/** Letters a person has not had an answer to; every fifth letter clears them. */
export const open = defineTable<{ subject: string; letter: number; amount: number; hint: JsonValue }>({
  name: 'open_letters',
  subject: 'subject',
  columns: { subject: 'text', letter: 'integer', amount: 'integer', hint: 'json?' },
  key: ['subject', 'letter'],
  indexes: [['subject']],
});

export const entries = defineTable<{ position: number; subject: string; words: string }>({
  name: 'entries',
  subject: 'subject',
  columns: { position: 'integer', words: 'tokens', subject: 'text' },
  key: ['position'],
  indexes: [['subject', 'position']],
  appendOnly: true,
});

/** Words that are replaced at every third letter and kept at the others. */
export const profiles = defineTable<{ number: number; words: string | null; letters: number }>({
  name: 'profiles',
  columns: { number: 'integer', words: 'tokens', letters: 'integer' },
  key: ['number'],
});

export const DATA_TABLES = [people, ties, accounts, open, entries, profiles] as const;

export interface Quirks {
  /** Projections throw on these positions. */
  readonly failing?: ReadonlySet<number>;
  /** The routing throws on these positions. */
  readonly unroutable?: ReadonlySet<number>;
  readonly withoutPrefetch?: boolean;
  readonly version?: number;
  /** Of a log that may hold an event twice. */
  readonly withRepeats?: boolean;
  /** Called at each call of a fold, also those that are taken back. */
  readonly onFold?: (event: HouseholdEvent) => void;
}

export function households(quirks: Quirks = {}): ReadModel<HouseholdEvent> {
  return {
    name: 'households',
    ...(quirks.withRepeats ? { idOf: eventIdOf } : {}),
    routing: {
      name: 'who-with-whom',
      version: 1,
      tables: [people, ties],
      ...(quirks.withoutPrefetch ? {} : { prefetch: prefetchPeople, prefetchDepth: 2 }),
      fold(event, rows) {
        if (event.kind === 'letter' && rows.get(people, event.subject) === undefined)
          rows.put(people, { subject: event.subject, household: event.subject });
        if (event.kind !== 'letter') foldTie(event, rows);
        if (quirks.unroutable?.has(Number(event.position))) throw new Error(`unroutable ${event.position}`);
      },
      customerOf: (subject, rows) => rows.get(people, subject)?.household ?? subject,
      subjectsOf: (household, rows) =>
        rows.list(people, 'household', household).map(({ subject }) => subject),
    },
    projections: [
      {
        name: 'letters',
        version: quirks.version ?? 1,
        tables: [accounts, open, entries, profiles],
        ...(quirks.withoutPrefetch ? {} : { prefetch: prefetchAccounts }),
        fold(event, rows) {
          quirks.onFold?.(event);
          if (event.kind === 'letter') foldLetter(event, rows);
          // Late, so that there is something to take back.
          if (quirks.failing?.has(Number(event.position))) throw new Error(`failing ${event.position}`);
        },
      },
    ],
  };
}

/** Of its own where it was given none. */
export function eventIdOf({ eventid, position }: HouseholdEvent): string {
  return eventid ?? `event ${position}`;
}

const prefetchPeople: NonNullable<ReadModel<HouseholdEvent>['routing']['prefetch']> = (events, wish) => {
  for (const { subject, other } of events) {
    for (const one of other === undefined ? [subject] : [subject, other]) {
      const person = wish.row(people, one);
      if (person !== undefined && other !== undefined) wish.list(people, 'household', person.household);
    }
  }
  return events.filter(({ other }) => other !== undefined);
};

const prefetchAccounts: typeof prefetchPeople = (events, wish) => {
  for (const { subject } of events) {
    wish.row(accounts, subject);
    wish.list(open, 'subject', subject);
  }
};

function foldLetter(event: HouseholdEvent, rows: Rows): void {
  const { subject, amount } = event;
  const position = Number(event.position);
  const before = rows.get(accounts, subject);
  const letters = (before?.letters ?? 0) + 1;
  rows.put(accounts, {
    subject,
    letters,
    sum: (before?.sum ?? 0) + amount,
    chain: chained(before?.chain ?? '', position),
    last: { position, tags: [`tag ${amount}`, null], 'a "quoted" key': { 深: true } },
    note: letters % 2 === 0 ? `note 王 ${amount}` : null,
  });
  if (letters % 5 === 0)
    for (const { letter } of rows.list(open, 'subject', subject)) rows.delete(open, subject, letter);
  else rows.put(open, { subject, letter: letters, amount, hint: amount % 2 === 0 ? null : [amount] });
  rows.put(entries, { position, subject, words: `letter ${subject} amount:${amount % 7}` });
  const number = numberOf(subject);
  const profile = rows.get(profiles, number);
  if (profile === undefined || letters % 3 === 0)
    rows.put(profiles, { number, words: `${subject} since-${letters}`, letters });
  else rows.put(profiles, { ...profile, letters });
}

/** A tie once undone stays undone, so that neither the order of the two events nor a repeat of them matters. */
function foldTie(event: HouseholdEvent, rows: Rows): void {
  const position = Number(event.undoes ?? event.position);
  const undone = event.kind === 'part' ? 1 : 0;
  const known = rows.get(ties, position);
  if (known !== undefined && known.undone >= undone) return;
  const [one = '', other = ''] = [event.subject, event.other ?? event.subject].sort();
  rows.put(ties, { position, one, other, undone });
  settle(one, rows);
  settle(other, rows);
}

/** Gives everybody who is tied to `subject`, over however many, the same household: the first of their names. */
function settle(subject: string, rows: Rows): void {
  const members = new Set([subject]);
  for (const member of members) {
    for (const tie of rows.list(ties, 'one', member)) if (tie.undone === 0) members.add(tie.other);
    for (const tie of rows.list(ties, 'other', member)) if (tie.undone === 0) members.add(tie.one);
  }
  const household = [...members].sort()[0] ?? subject;
  for (const member of members)
    if (rows.get(people, member)?.household !== household) rows.put(people, { subject: member, household });
}

function chained(chain: string, position: number): string {
  let hash = 17;
  for (const sign of `${chain}/${position}`) hash = (hash * 31 + (sign.codePointAt(0) ?? 0)) % 1_000_000_007;
  return hash.toString(36);
}

function numberOf(subject: string): number {
  return Number.parseInt(subject.slice(1), 10);
}
