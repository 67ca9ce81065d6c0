import type { Zone } from './zone-time.ts';

/** One line of the input: the values of its columns, in the order of the columns. */
export interface Line {
  /** Number of the physical line it starts on, from 1. */
  readonly number: number;
  readonly values: readonly string[];
}

/** What a compiled piece of a mapping works on: the lines of one touchpoint. */
export interface Lines {
  /** The line that single values are taken from. */
  readonly line: Line;
  readonly all: readonly Line[];
  /** Says why this touchpoint cannot be made. Several may be said. */
  reject(reason: string): void;
}

/** A compiled piece of a mapping. `undefined` means: nothing there, leave the field out. */
export interface Compiled {
  evaluate(lines: Lines): unknown;
  /** Whether it looks at the lines at all; an object whose every such field is empty is left out. */
  readonly isDynamic: boolean;
}

/** What pieces are compiled against. */
export interface Scope {
  /** Index of a column, or nothing; remembers that it is used once a touchpoint (not once a line). */
  column(name: string, pointer: string): number | undefined;
  /** Scope for what is evaluated line by line. */
  readonly perLine: Scope;
  readonly columns: readonly string[];
  lookup(name: string, pointer: string): LookupTable | undefined;
  zone(name: string, pointer: string): Zone | undefined;
  problem(pointer: string, detail: string): void;
}

export interface LookupTable {
  readonly columns: readonly string[];
  find(key: string): readonly string[] | undefined;
}
