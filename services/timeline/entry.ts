import type { RecordedTouchpoint } from '@touchline/journal';
import type { Body, Catalogue, Touchpoint } from '@touchline/touchpoints';

/** One line of a timeline, as the API answers it. The customer is not in it: a merge changes no entry. */
export interface Entry {
  readonly eventid: string;
  readonly position: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly channel: string;
  readonly department: string;
  readonly stage?: string;
  readonly direction?: string;
  readonly agent?: unknown;
  readonly reason?: string;
  readonly description?: string;
  readonly about: readonly string[];
  readonly title: { readonly en: string; readonly zh: string };
  readonly data: object;
  /** Recorded more than a day after it happened: nobody could know it when it mattered. */
  readonly late?: true;
  readonly erased?: true;
}

const LATE_AFTER_MS = 24 * 3_600_000;

export function entryOf(recorded: RecordedTouchpoint, catalogue: Catalogue): Entry {
  const { touchpoint } = recorded;
  const entry: Writable<Entry> = {
    eventid: recorded.eventid,
    position: String(recorded.position),
    time: touchpoint.time,
    recordedtime: new Date(recorded.recordedAt).toISOString(),
    source: touchpoint.source,
    id: touchpoint.id,
    type: touchpoint.type,
    department: touchpoint.department,
    ...shownOf(touchpoint, catalogue),
  };
  if (recorded.recordedAt - recorded.happenedAt > LATE_AFTER_MS) entry.late = true;
  if (recorded.erased) entry.erased = true;
  return entry;
}

/** What an entry shows of its body. */
type Shown = Pick<Entry, (typeof SHOWN)[number]>;

const SHOWN = [
  'channel',
  'stage',
  'direction',
  'agent',
  'reason',
  'description',
  'about',
  'title',
  'data',
] as const;

function shownOf(touchpoint: Pick<Touchpoint, 'type' | 'data'>, catalogue: Catalogue): Shown {
  const { data } = touchpoint;
  const type = catalogue.types.get(touchpoint.type);
  const shown: Writable<Shown> = {
    channel: data.channel ?? type?.channel ?? 'web',
    about: data.about ?? [],
    title: catalogue.describe(touchpoint as Touchpoint),
    data,
  };
  const stage = data.stage ?? type?.stage;
  if (stage !== undefined) shown.stage = stage;
  if (data.direction !== undefined) shown.direction = data.direction;
  if (data.agent !== undefined) shown.agent = data.agent;
  if (data.reason !== undefined) shown.reason = data.reason;
  if (data.description !== undefined) shown.description = data.description;
  return shown;
}

/** The entry with another body in place of its own. Throws when the body has fields of another kind than its type allows. */
export function withBody(entry: Entry, data: Body, catalogue: Catalogue): Entry {
  const own: Record<string, unknown> = { ...entry };
  for (const name of SHOWN) delete own[name];
  return { ...own, ...shownOf({ type: entry.type, data }, catalogue) } as Entry;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Orders entries that happened in the same millisecond, whatever the order they were recorded in: 52 bits of the event id. */
export function eventKeyOf(eventid: string): number {
  return Number.parseInt(eventid.slice(0, 8) + eventid.slice(9, 13) + eventid.slice(15, 16), 16);
}
