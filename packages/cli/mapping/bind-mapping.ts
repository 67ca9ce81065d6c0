import type { CompiledText } from './compile-text.ts';
import { compileTime } from './compile-time.ts';
import { compileTextValue, compileValue } from './compile-value.ts';
import type { Compiled, Line, LookupTable, Scope } from './compiled.ts';
import type { Mapping } from './mapping.ts';
import type { MappingProblem } from './mapping-file.ts';
import { Zone } from './zone-time.ts';

/** A mapping bound to the columns of an input. */
export interface BoundMapping {
  /** Key of the touchpoint a line belongs to; nothing when lines are not grouped. Empty when a key column is. */
  readonly groupKey: ((line: Line) => string) | undefined;
  /** Lines of one touchpoint, in the order of the file, to a CloudEvent. */
  map(lines: readonly Line[]): MappedEvent;
}

export type MappedEvent =
  | { readonly ok: true; readonly event: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reasons: readonly string[] };

/** Between the columns of a group key; cannot come out of a CSV field by accident. */
const KEY_SEPARATOR = '\u001f';

/** Binds a mapping to columns; answers every problem (unknown column, zone, lookup, instruction) at once. */
export function bindMapping(
  mapping: Mapping,
  columns: readonly string[],
  lookups: ReadonlyMap<string, LookupTable>,
): { bound: BoundMapping } | { problems: readonly MappingProblem[] } {
  const problems: MappingProblem[] = [];
  const oncePerTouchpoint = new Set<number>();
  const scope = createScope(columns, lookups, problems, oncePerTouchpoint);
  const attributes = compileAttributes(mapping, scope);
  const data = compileValue(mapping.event.data ?? {}, '/event/data', scope);
  const keys = (mapping.group?.by ?? []).map((name, index) => scope.column(name, `/group/by/${index}`) ?? -1);
  if (problems.length > 0) return { problems };
  const single = mapping.group?.differing === 'first' ? [] : [...oncePerTouchpoint];
  return {
    bound: {
      groupKey: mapping.group && ((line) => groupKey(keys, line)),
      map: (lines) => mapLines(lines, attributes, data, columns, single),
    },
  };
}

interface Attribute {
  readonly name: string;
  readonly isRequired: boolean;
  readonly value: CompiledText | Compiled;
}

function compileAttributes({ event }: Mapping, scope: Scope): readonly Attribute[] {
  const names = ['id', 'source', 'type', 'department', 'subject', 'correlationid', 'causationid'] as const;
  const texts = names.flatMap((name) => {
    const value = event[name];
    if (value === undefined) return [];
    const isRequired = ['id', 'source', 'type', 'department'].includes(name);
    return [{ name, isRequired, value: compileTextValue(value, `/event/${name}`, scope) }];
  });
  return [...texts, { name: 'time', isRequired: true, value: compileTime(event.time, '/event/time', scope) }];
}

function mapLines(
  lines: readonly Line[],
  attributes: readonly Attribute[],
  data: Compiled,
  columns: readonly string[],
  single: readonly number[],
): MappedEvent {
  const [line] = lines;
  if (line === undefined) return { ok: false, reasons: ['no lines'] };
  const reasons = differences(lines, columns, single);
  const scope = { line, all: lines, reject: (reason: string) => void reasons.push(reason) };
  const event: Record<string, unknown> = { specversion: '1.0' };
  for (const { name, isRequired, value } of attributes) {
    const before = reasons.length;
    const result = value.evaluate(scope);
    if (result !== undefined) event[name] = result;
    else if (isRequired && reasons.length === before) reasons.push(`${name} is empty`);
  }
  event.data = data.evaluate(scope) ?? {};
  return reasons.length === 0 ? { ok: true, event } : { ok: false, reasons };
}

function differences(
  lines: readonly Line[],
  columns: readonly string[],
  single: readonly number[],
): string[] {
  const [first] = lines;
  return single.flatMap((index) => {
    const other = lines.find((line) => line.values[index] !== first?.values[index]);
    if (first === undefined || other === undefined) return [];
    return [
      `column ${columns[index]} differs between line ${first.number} and line ${other.number} of one group`,
    ];
  });
}

function groupKey(keys: readonly number[], { values }: Line): string {
  const parts = keys.map((index) => values[index]?.trim() ?? '');
  return parts.includes('') ? '' : parts.join(KEY_SEPARATOR);
}

function createScope(
  columns: readonly string[],
  lookups: ReadonlyMap<string, LookupTable>,
  problems: MappingProblem[],
  oncePerTouchpoint: Set<number>,
): Scope {
  const column = (name: string, pointer: string) => {
    const index = columns.indexOf(name);
    if (index >= 0) return index;
    problems.push({ pointer, detail: `no column "${name}"; there are ${columns.join(', ')}` });
    return undefined;
  };
  const perLine: Scope = {
    columns,
    column,
    get perLine() {
      return perLine;
    },
    problem: (pointer, detail) => void problems.push({ pointer, detail }),
    lookup: (name, pointer) => lookups.get(name) ?? report(problems, pointer, `no lookup is named "${name}"`),
    zone: (name, pointer) => zone(name) ?? report(problems, pointer, `"${name}" is no time zone`),
  };
  const oncePer = (name: string, pointer: string) => {
    const index = column(name, pointer);
    if (index !== undefined) oncePerTouchpoint.add(index);
    return index;
  };
  return { ...perLine, perLine, column: oncePer };
}

function report(problems: MappingProblem[], pointer: string, detail: string): undefined {
  problems.push({ pointer, detail });
  return undefined;
}

function zone(name: string): Zone | undefined {
  try {
    return new Zone(name);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
