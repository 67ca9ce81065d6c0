import type { RecordedTouchpoint } from '@touchline/journal';
import { defineTable, type Projection } from '@touchline/read-store';
import { eventKeyOf } from '../entry.ts';

/** What was said about one entry after it was recorded. It may be there before the entry is. */
export interface AmendedRow {
  /** Of the entry that is amended. */
  readonly eventKey: number;
  readonly eventid: string;
  readonly corrections: readonly Amendment[];
  readonly retraction: Amendment | null;
}

export interface Amendment {
  /** The event that amends. */
  readonly eventid: string;
  readonly position: number;
  readonly time: string;
  readonly by: string | null;
  readonly reason: string | null;
  /** The body as it should have been, whole; only for corrections. */
  readonly replacement: Readonly<Record<string, unknown>> | null;
}

export const amendedTable = defineTable<AmendedRow>({
  name: 'amended',
  columns: { eventKey: 'integer', eventid: 'text', corrections: 'json', retraction: 'json?' },
  key: ['eventKey'],
  revisited: 'seldom',
});

const CORRECTED = 'touchline.record.corrected.v1';
const RETRACTED = 'touchline.record.retracted.v1';

export function amendmentsProjection(): Projection<RecordedTouchpoint> {
  return {
    name: 'amendments',
    version: 1,
    tables: [amendedTable],
    prefetch(events, wish) {
      for (const { touchpoint } of events) {
        const target = targetOf(touchpoint);
        if (target !== undefined) wish.row(amendedTable, eventKeyOf(target));
      }
    },
    fold(recorded, rows) {
      const eventid = targetOf(recorded.touchpoint);
      if (eventid === undefined) return;
      const eventKey = eventKeyOf(eventid);
      const row = rows.get(amendedTable, eventKey) ?? {
        eventKey,
        eventid,
        corrections: [],
        retraction: null,
      };
      const amendment = amendmentOf(recorded);
      rows.put(
        amendedTable,
        recorded.touchpoint.type === RETRACTED
          ? { ...row, retraction: row.retraction ?? amendment }
          : { ...row, corrections: [...row.corrections, amendment].sort(byTime) },
      );
    },
  };
}

function targetOf({ type, data }: RecordedTouchpoint['touchpoint']): string | undefined {
  if (type !== CORRECTED && type !== RETRACTED) return undefined;
  return typeof data.target === 'string' ? data.target : undefined;
}

function amendmentOf({ eventid, position, touchpoint }: RecordedTouchpoint): Amendment {
  const { data } = touchpoint;
  return {
    eventid,
    position: Number(position),
    time: touchpoint.time,
    by: touchpoint.authid ?? null,
    reason: data.reason ?? null,
    replacement: (data.replacement as Amendment['replacement'] | undefined) ?? null,
  };
}

/** The correction made last wins, by its own time; ties do not depend on the order of arrival. */
function byTime(a: Amendment, b: Amendment): number {
  return Date.parse(a.time) - Date.parse(b.time) || (a.eventid < b.eventid ? -1 : 1);
}
