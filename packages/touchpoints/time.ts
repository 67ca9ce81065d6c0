const FIRST_YEAR = 1900;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MAX_FRACTION_DIGITS = 9;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

const ZERO = 48;
const NINE = 57;

/**
 * Milliseconds since the epoch of an RFC 3339 time with offset, or `undefined` when the text is not one. Years 1900
 * to 9999; at most nine digits of fraction, cut to milliseconds; a leap second counts as the second after it.
 */
export function parseTime(text: string): number | undefined {
  const date = dateFields(text);
  if (date === undefined || (text.charCodeAt(10) | 32) !== 116 /* t */) return undefined;
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (text[13] !== ':' || text[16] !== ':' || !(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  const fraction = fractionEnd(text);
  const offset = offsetMinutes(text, fraction);
  if (offset === undefined || (second === 60 && !endsUtcDay(hour * 60 + minute - offset))) return undefined;
  const whole = Date.UTC(date.year, date.month - 1, date.day, hour, minute, second);
  return whole + milliseconds(text, fraction) - offset * MINUTE_MS;
}

/** Whether the text is a day of the calendar, `2026-11-22`, in the years 1900 to 9999. */
export function isDay(text: string): boolean {
  return text.length === 10 && dateFields(text) !== undefined;
}

function dateFields(text: string): { year: number; month: number; day: number } | undefined {
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  if (text[4] !== '-' || text[7] !== '-' || !(year >= FIRST_YEAR && month >= 1 && day >= 1)) return undefined;
  if (!(day <= (DAYS_IN_MONTH[month - 1] ?? 0)) || (month === 2 && day === 29 && !isLeap(year)))
    return undefined;
  return { year, month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** NaN when any of the characters is not an ASCII digit. */
function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const code = text.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return Number.NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}

/** Index after the fraction of the second; -1 when there is a point without one to nine digits. */
function fractionEnd(text: string): number {
  if (text[19] !== '.') return 19;
  let end = 20;
  while (text.charCodeAt(end) >= ZERO && text.charCodeAt(end) <= NINE) end++;
  return end > 20 && end <= 20 + MAX_FRACTION_DIGITS ? end : -1;
}

function milliseconds(text: string, fractionEnd: number): number {
  if (fractionEnd <= 20) return 0;
  const count = Math.min(3, fractionEnd - 20);
  return digits(text, 20, count) * (count === 1 ? 100 : count === 2 ? 10 : 1);
}

function offsetMinutes(text: string, from: number): number | undefined {
  const sign = text[from];
  if ((sign === 'Z' || sign === 'z') && text.length === from + 1) return 0;
  if ((sign !== '+' && sign !== '-') || text.length !== from + 6 || text[from + 3] !== ':') return undefined;
  const hours = digits(text, from + 1, 2);
  const minutes = digits(text, from + 4, 2);
  if (!(hours <= 23 && minutes <= 59)) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Leap seconds are inserted at the end of a day in UTC, never elsewhere. */
function endsUtcDay(utcMinute: number): boolean {
  return (utcMinute + 2 * DAY_MINUTES) % DAY_MINUTES === DAY_MINUTES - 1;
}
