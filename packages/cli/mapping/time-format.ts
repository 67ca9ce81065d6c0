/** What a text of a given format says: a local time, in milliseconds as if it were UTC. */
export type LocalTimeReader = (text: string) => number | undefined;

export interface TimeFormat {
  readonly read: LocalTimeReader;
  /** Whether it says the time of day, too. */
  readonly hasClock: boolean;
}

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  hh: '(?<half>\\d{2})',
  h: '(?<half>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  SSS: '(?<milli>\\d{3})',
  a: '(?<noon>[AaPp][Mm])',
};
const PIECE = /'([^']*)'|([A-Za-z])\2*|[^A-Za-z']/g;

/** Compiles `yyyy-MM-dd HH:mm:ss` or the like (letters of Unicode TR 35), or answers what is wrong with it. */
export function compileTimeFormat(format: string): TimeFormat | { problem: string } {
  const seen = new Set<string>();
  let pattern = '';
  for (const [piece, quoted] of format.matchAll(PIECE)) {
    const token = TOKENS[piece];
    if (token === undefined && /^[A-Za-z]/.test(piece) && piece !== 'T') return { problem: unknown(piece) };
    const field = /<(\w+)>/.exec(token ?? '')?.[1];
    if (field !== undefined && seen.has(field)) return { problem: `names the ${field} twice` };
    if (field !== undefined) seen.add(field);
    pattern += token ?? (quoted ?? piece).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  }
  for (const field of ['year', 'month', 'day']) {
    if (!seen.has(field)) return { problem: `does not say where the ${field} is` };
  }
  if (seen.has('half') !== seen.has('noon')) return { problem: 'needs both "h" and "a", or "H" alone' };
  const matcher = new RegExp(`^${pattern}$`);
  return { read: (text) => read(matcher, text), hasClock: seen.has('hour') || seen.has('half') };
}

function unknown(piece: string): string {
  return `has the unknown part "${piece}"; known are ${Object.keys(TOKENS).join(', ')}, text goes in '...'`;
}

function read(matcher: RegExp, text: string): number | undefined {
  const groups = matcher.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const number = (name: string) => Number(groups[name] ?? 0);
  const hour = groups.half === undefined ? number('hour') : hourOf(number('half'), groups.noon ?? '');
  if (hour === undefined || hour > 23 || number('minute') > 59 || number('second') > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(number('year'), number('month') - 1, number('day'));
  // A day or month that does not exist rolls over into another one.
  if (date.getUTCMonth() + 1 !== number('month') || date.getUTCDate() !== number('day')) return undefined;
  date.setUTCHours(hour, number('minute'), number('second'), number('milli'));
  return date.getTime();
}

function hourOf(half: number, noon: string): number | undefined {
  if (half < 1 || half > 12) return undefined;
  return (half % 12) + (noon.toLowerCase() === 'pm' ? 12 : 0);
}
