const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MAX_CACHED_HOURS = 50_000;

/**
 * What to do with a local time that a clock change skips or repeats, as `Temporal` names it: `compatible` moves a
 * skipped time later by the length of the gap and takes the first of two repeated ones.
 */
export type Disambiguation = 'compatible' | 'earlier' | 'later' | 'reject';

/** A time zone of the IANA data base. Throws `RangeError` for a name it does not hold. */
export class Zone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /**
   * The instant, in milliseconds since the epoch, at which clocks in the zone show a local time, given as if it were
   * UTC. Nothing when no clock ever showed it, or two moments did, and that is to be rejected.
   */
  instantOf(local: number, disambiguation: Disambiguation): number | undefined {
    const before = this.offsetAt(local - DAY_MS);
    const after = this.offsetAt(local + DAY_MS);
    const candidates = [...new Set([local - before, local - after])].sort((a, b) => a - b);
    const exact = candidates.filter((instant) => instant + this.offsetAt(instant) === local);
    if (exact.length === 1) return exact[0];
    if (disambiguation === 'reject') return undefined;
    if (exact.length === 0)
      return disambiguation === 'earlier' ? Math.min(...candidates) : Math.max(...candidates);
    return disambiguation === 'later' ? Math.max(...exact) : Math.min(...exact);
  }

  /** Milliseconds that clocks in the zone are ahead of UTC at an instant. */
  offsetAt(instant: number): number {
    // Clocks change on a quarter of an hour at the finest, so one answer holds for the whole quarter.
    const quarter = Math.floor(instant / (HOUR_MS / 4));
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = this.#measure(quarter * (HOUR_MS / 4));
    if (this.#offsets.size >= MAX_CACHED_HOURS) this.#offsets.clear();
    this.#offsets.set(quarter, offset);
    return offset;
  }

  #measure(instant: number): number {
    const parts = Object.fromEntries(
      this.#format.formatToParts(instant).map(({ type, value }) => [type, value]),
    );
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    const shown = new Date(0);
    shown.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
    shown.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second), 0);
    return shown.getTime() - instant;
  }
}

/** RFC 3339 text of an instant, as clocks of the zone show it: `2017-03-03T12:00:00-05:00`. */
export function formatInstant(instant: number, offsetMs: number): string {
  // Offsets of old local mean times have seconds, which RFC 3339 cannot express: UTC can.
  const offset = offsetMs % MINUTE_MS === 0 ? offsetMs : 0;
  const text = new Date(instant + offset).toISOString().replace(/(?:\.000)?Z$/, '');
  if (offset === 0) return `${text}Z`;
  const minutes = Math.abs(offset) / MINUTE_MS;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${text}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
