import type { Snapshot } from '@touchline/read-store';
import type { Catalogue } from '@touchline/touchpoints';
import { entriesTable } from '../projections/entries.ts';
import {
  type AmendedEntry,
  amendedEntry,
  FOUND_ENTRY,
  type FoundEntry,
  type FoundPlace,
  served,
} from './amended-entry.ts';
import { type PageRequest, pageOf, type TimelinePage, type TimelinePlace } from './page-request.ts';

/** What passes it is the last of its page. */
const MAX_PAGE_BYTES = 4_000_000;
/** Entries that are read at once, unless one of them is so large that they might not fit. */
export const RUN_ENTRIES = 50;
export const MAX_BYTES_IN_RUN = MAX_PAGE_BYTES / RUN_ENTRIES;

/** Whether an amended entry is one that was asked for; `version` is absent where nobody amended it yet. */
export type Wanted = (row: FoundEntry, version: AmendedEntry | undefined) => Promise<boolean>;

/** A page that is filled until it holds as many entries, or as much, as it may. */
export class PageInMaking {
  readonly #snapshot: Snapshot;
  readonly #catalogue: Catalogue;
  readonly #request: PageRequest;
  readonly #isWanted: Wanted;
  readonly #parts: Uint8Array[] = [];
  #count = 0;
  #bytes = 0;
  /** Of the entry taken last. */
  #place: TimelinePlace | undefined;

  /** `isWanted` is asked of amended entries only: whether others are is known before they are read. */
  constructor(
    snapshot: Snapshot,
    catalogue: Catalogue,
    request: PageRequest,
    isWanted: Wanted = async () => true,
  ) {
    this.#snapshot = snapshot;
    this.#catalogue = catalogue;
    this.#request = request;
    this.#isWanted = isWanted;
  }

  /** Takes entries in the versions that count; `full` when there are some that belong on the next page. */
  async take(found: readonly FoundPlace[]): Promise<'taken' | 'full'> {
    for (const some of runsOf(found)) {
      const areTaken = 'amended' in some ? await this.#takeAmended(some) : await this.#takePlain(some);
      if (!areTaken) return 'full';
    }
    return 'taken';
  }

  /** The page when more follows: what was taken. */
  get whole(): TimelinePage {
    return this.#place === undefined ? this.last : this.until(this.#place);
  }

  /** The page when what comes after a place was not looked at. */
  until({ happenedAt, eventKey }: TimelinePlace): TimelinePage {
    return pageOf(this.#request, this.#parts, { happenedAt, eventKey });
  }

  /** The page when nothing follows. */
  get last(): TimelinePage {
    return pageOf(this.#request, this.#parts);
  }

  /** Most entries are sent as they lie in their rows: making strings of them would cost more than finding them. */
  async #takePlain(run: readonly FoundPlace[]): Promise<boolean> {
    const some = run.slice(0, this.#room);
    if (some.length === 0) return false;
    const joined = await this.#read(some, MAX_BYTES_IN_RUN);
    if (joined !== undefined) this.#add(joined, some);
    else if (!(await this.#takeOneByOne(some))) return false;
    return some.length === run.length;
  }

  async #takeOneByOne(run: readonly FoundPlace[]): Promise<boolean> {
    for (const place of run) {
      if (this.#room === 0) return false;
      const entry = await this.#read([place], Number.MAX_SAFE_INTEGER);
      if (entry !== undefined) this.#add(entry, [place]);
    }
    return true;
  }

  async #takeAmended(place: FoundPlace): Promise<boolean> {
    const entry = await this.#version(place);
    if (entry === undefined) return true;
    if (this.#room === 0) return false;
    this.#add(entry, [place]);
    return true;
  }

  /** The version that counts, if that is asked for. */
  async #version({ position }: FoundPlace): Promise<Uint8Array | undefined> {
    const { asof, filter } = this.#request;
    const [row] = await this.#snapshot.all<FoundEntry>(
      `SELECT ${FOUND_ENTRY} FROM ${entriesTable.name} e WHERE e.position = ?`,
      [position],
    );
    if (row === undefined) return undefined;
    const version = await amendedEntry(this.#snapshot, row, asof);
    if (!(await this.#isWanted(row, version))) return undefined;
    if (version?.standing.retraction && !filter.withRetracted) return undefined;
    const entry = version && (await served(this.#snapshot, version, this.#catalogue));
    const { channels } = filter;
    if (channels.length > 0 && !channels.includes((entry ?? row).channel)) return undefined;
    return Buffer.from(entry === undefined ? row.entry : JSON.stringify(entry));
  }

  /** Entries that it may still take. */
  get #room(): number {
    return this.#bytes > MAX_PAGE_BYTES ? 0 : this.#request.limit - this.#count;
  }

  #read(places: readonly FoundPlace[], maxBytes: number): Promise<Uint8Array | undefined> {
    const positions = places.map(({ position }) => position);
    return this.#snapshot.joinedJson(entriesTable as never, 'entry', positions, { maxBytes });
  }

  #add(entries: Uint8Array, places: readonly FoundPlace[]): void {
    this.#parts.push(entries);
    this.#bytes += entries.length;
    this.#count += places.length;
    this.#place = places.at(-1);
  }
}

/** Entries that nobody amended in runs, others one by one; all in order. */
function* runsOf(found: readonly FoundPlace[]): Iterable<FoundPlace | readonly FoundPlace[]> {
  let run: FoundPlace[] = [];
  for (const place of found) {
    if (place.amended === null) run.push(place);
    if (run.length > 0 && (place.amended !== null || run.length === RUN_ENTRIES)) {
      yield run;
      run = [];
    }
    if (place.amended !== null) yield place;
  }
  if (run.length > 0) yield run;
}
