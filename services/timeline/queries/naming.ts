import type { Snapshot } from '@touchline/read-store';
import type { Entry } from '../entry.ts';
import { entriesTable } from '../projections/entries.ts';
import type { AsOf } from './as-of.ts';

export interface Naming {
  readonly name: string;
  /** When the touchpoint that gives it happened, and the key of its event, which decides among those of one time. */
  readonly happenedAt: number;
  readonly eventKey: number;
}

/** The name given last on the touchpoints of some data subjects, by the time it was given. */
export async function lastNaming(
  snapshot: Snapshot,
  subjects: readonly string[],
  asof: AsOf,
): Promise<Naming | undefined> {
  let last: Naming | undefined;
  for (const subject of subjects) {
    const naming = await namingOf(snapshot, subject, asof);
    if (naming !== undefined && (last === undefined || isLater(naming, last))) last = naming;
  }
  return last;
}

/** Of one data subject, by the names that its row holds: several are rare, and only then the entries are asked. */
export async function currentName(
  snapshot: Snapshot,
  { subject, names }: { readonly subject: string; readonly names: string },
): Promise<string | null> {
  const [name = null, ...others] = JSON.parse(names) as string[];
  return others.length === 0 ? name : ((await lastNaming(snapshot, [subject], undefined))?.name ?? null);
}

async function namingOf(snapshot: Snapshot, subject: string, asof: AsOf): Promise<Naming | undefined> {
  const known = asof === undefined ? '' : ' AND position <= ?';
  const [row] = await snapshot.all<Omit<Naming, 'name'> & { entry: string }>(
    `SELECT happenedAt, eventKey, entry FROM ${entriesTable.name} WHERE subject = ? AND named = 1${known}
     ORDER BY happenedAt DESC, eventKey DESC LIMIT 1`,
    asof === undefined ? [subject] : [subject, asof],
  );
  if (row === undefined) return undefined;
  const { entry, ...when } = row;
  const { data } = JSON.parse(entry) as Entry & { data: { customer?: { name?: string } } };
  const name = data.customer?.name;
  return name === undefined ? undefined : { name, ...when };
}

function isLater(a: Naming, b: Naming): boolean {
  return a.happenedAt > b.happenedAt || (a.happenedAt === b.happenedAt && a.eventKey > b.eventKey);
}
