import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { type AmendedEntry, amendedEntry, FOUND_PLACE, type FoundEntry, served } from './amended-entry.ts';
import type { AsOf } from './as-of.ts';
import type { PageRequest, TimelinePage, TimelinePlace } from './page-request.ts';

/** The entry that passes it is the last of its page. */
const MAX_PAGE_BYTES = 4_000_000;

/** Most entries are sent as they lie in the row: making strings of them would cost more than finding them. */
export type PageRow = Omit<FoundEntry, 'entry'> & { readonly entry: Uint8Array };

/** Columns of `PageRow`; the table of entries goes by `e`. */
export function pageColumns(snapshot: Snapshot): string {
  return `${FOUND_PLACE}, ${snapshot.utf8('e.entry')} AS entry`;
}

/** As `amendedEntry`. */
export async function amendedRow(
  snapshot: Snapshot,
  row: PageRow,
  asof: AsOf,
): Promise<AmendedEntry | undefined> {
  if (row.amended === null) return undefined;
  return amendedEntry(snapshot, { ...row, entry: Buffer.from(row.entry).toString() }, asof);
}

/** A page that is filled entry by entry until it holds as many, or as much, as it may. */
export class PageInMaking {
  readonly #snapshot: Snapshot;
  readonly #catalogue: Catalogue;
  readonly #request: PageRequest;
  readonly #entries: Uint8Array[] = [];
  #bytes = 0;
  /** Of the entry taken last. */
  #place: TimelinePlace | undefined;

  constructor(snapshot: Snapshot, catalogue: Catalogue, request: PageRequest) {
    this.#snapshot = snapshot;
    this.#catalogue = catalogue;
    this.#request = request;
  }

  /** Takes the entry in the version that counts, if that is asked for; `full` when it belongs on the next page. */
  async take(row: PageRow, amended: AmendedEntry | undefined): Promise<'taken' | 'passed-over' | 'full'> {
    // The ordinary entry is sent as it lies in the row.
    const json = amended === undefined ? this.#plain(row) : await this.#version(amended);
    if (json === undefined) return 'passed-over';
    const { length } = this.#entries;
    if (length === this.#request.limit || this.#bytes > MAX_PAGE_BYTES) return 'full';
    this.#entries.push(json);
    this.#bytes += json.length;
    this.#place = { happenedAt: row.happenedAt, eventKey: row.eventKey };
    return 'taken';
  }

  /** The page when more follows: what was taken. */
  get whole(): TimelinePage {
    return this.#place === undefined ? this.last : this.until(this.#place);
  }

  /** The page when what comes after a place was not looked at. */
  until({ happenedAt, eventKey }: TimelinePlace): TimelinePage {
    return { entries: this.#entries, next: { happenedAt, eventKey } };
  }

  /** The page when nothing follows. */
  get last(): TimelinePage {
    return { entries: this.#entries };
  }

  #plain(row: PageRow): Uint8Array | undefined {
    return this.#isWanted(row.channel) ? row.entry : undefined;
  }

  async #version(amended: AmendedEntry): Promise<Uint8Array | undefined> {
    if (amended.standing.retraction && !this.#request.filter.withRetracted) return undefined;
    const entry = await served(this.#snapshot, amended, this.#catalogue);
    return this.#isWanted(entry.channel) ? Buffer.from(JSON.stringify(entry)) : undefined;
  }

  #isWanted(channel: string): boolean {
    const { channels } = this.#request.filter;
    return channels.length === 0 || channels.includes(channel);
  }
}
