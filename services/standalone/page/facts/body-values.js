import { durationText } from './moments.js';

/** Shown with the entry itself, so not once more with its body. */
const SHOWN_ELSEWHERE = new Set(['description', 'direction', 'channel', 'agent', 'reason', 'about', 'stage']);
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The fields of a body that are its own: `[[field, value]]`. */
export function ownFields(data) {
  return Object.entries(data ?? {}).filter(([field, value]) => !SHOWN_ELSEWHERE.has(field) && value !== null);
}

/**
 * What a value is to a reader: `{ kind: 'text' | 'flag' | 'time' | 'list' | 'table' | 'record', ... }`. Money, durations
 * and shares become one text.
 */
export function readValue(field, value, language) {
  if (typeof value === 'boolean') return { kind: 'flag', value };
  if (typeof value === 'number') return { kind: 'text', text: numberText(field, value, language) };
  if (typeof value !== 'object' || value === null) return readText(String(value));
  if (isMoney(value)) return { kind: 'text', text: `${value.amount} ${value.currency}` };
  if (!Array.isArray(value)) return { kind: 'record', fields: Object.entries(value) };
  const columns = tableColumns(value);
  return columns === undefined ? { kind: 'list', values: value } : { kind: 'table', columns, rows: value };
}

function readText(text) {
  return TIME.test(text) && !Number.isNaN(Date.parse(text))
    ? { kind: 'time', time: text }
    : { kind: 'text', text };
}

function numberText(field, value, language) {
  if (/Seconds$/.test(field) && value >= 0) return durationText(value, language);
  return /percent$/i.test(field) ? `${value} %` : String(value);
}

function isMoney(value) {
  return (
    typeof value.amount === 'string' && typeof value.currency === 'string' && Object.keys(value).length === 2
  );
}

/** Lines of an order and the like: records of plain values make a table. */
function tableColumns(rows) {
  if (
    rows.length === 0 ||
    !rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
  )
    return undefined;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isPlain = (value) => typeof value !== 'object' || value === null || isMoney(value);
  return columns.length <= 6 && rows.every((row) => Object.values(row).every(isPlain)) ? columns : undefined;
}
