import type { Compiled, Lines, Scope } from './compiled.ts';
import type { TimeMapping } from './mapping.ts';
import { RFC_3339 } from './rfc-3339.ts';
import { compileTimeFormat } from './time-format.ts';
import { formatInstant, type Zone } from './zone-time.ts';

type TextToTime = (text: string, lines: Lines) => string | undefined;

/** A column of times as RFC 3339 text with offset, or one time for all. An empty column gives nothing. */
export function compileTime(mapping: TimeMapping | string, pointer: string, scope: Scope): Compiled {
  if (typeof mapping === 'string') return { isDynamic: false, evaluate: () => mapping };
  const index = scope.column(mapping.column, `${pointer}/column`) ?? -1;
  const convert = converter(mapping, pointer, scope);
  return {
    isDynamic: true,
    evaluate: (lines) => {
      const text = lines.line.values[index]?.trim() ?? '';
      return text === '' ? undefined : convert(text, lines);
    },
  };
}

function converter(mapping: TimeMapping, pointer: string, scope: Scope): TextToTime {
  const wrong = (text: string, lines: Lines) => {
    lines.reject(`column ${mapping.column}: "${text}" is not a time of the format ${mapping.format}`);
    return undefined;
  };
  if (mapping.format === 'rfc3339') return (text, lines) => (RFC_3339.test(text) ? text : wrong(text, lines));
  if (mapping.format === 'epoch-seconds') return (text, lines) => epoch(text, 1_000) ?? wrong(text, lines);
  if (mapping.format === 'epoch-milliseconds') return (text, lines) => epoch(text, 1) ?? wrong(text, lines);
  const format = compileTimeFormat(mapping.format);
  if ('problem' in format) scope.problem(`${pointer}/format`, format.problem);
  if (mapping.zone === undefined)
    scope.problem(`${pointer}/zone`, `is needed by the format ${mapping.format}`);
  const zone = scope.zone(mapping.zone ?? 'UTC', `${pointer}/zone`);
  if ('problem' in format || zone === undefined) return wrong;
  const at = format.hasClock ? 0 : timeOfDay(mapping.at, pointer, scope);
  return (text, lines) => {
    const local = format.read(text);
    return local === undefined ? wrong(text, lines) : inZone(local + at, text, zone, mapping, lines);
  };
}

function inZone(local: number, text: string, zone: Zone, { column, skipped }: TimeMapping, lines: Lines) {
  const instant = zone.instantOf(local, skipped ?? 'compatible');
  if (instant !== undefined) return formatInstant(instant, zone.offsetAt(instant));
  lines.reject(`column ${column}: "${text}" is skipped or repeated by a clock change in ${zone.name}`);
  return undefined;
}

function epoch(text: string, unitMs: number): string | undefined {
  if (!/^-?\d{1,15}(?:\.\d+)?$/.test(text)) return undefined;
  const instant = Math.round(Number(text) * unitMs);
  return Math.abs(instant) <= 8.64e15 ? formatInstant(instant, 0) : undefined;
}

function timeOfDay(at: string | undefined, pointer: string, scope: Scope): number {
  if (at === undefined) {
    scope.problem(`${pointer}/at`, 'is needed by a format without a time of day: which hour shall count?');
    return 0;
  }
  const [hours = 0, minutes = 0, seconds = 0] = at.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}
