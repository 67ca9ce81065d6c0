import type { z } from 'zod';
import type { FieldError, FieldErrorCode } from './touchpoint.ts';

/** More would not help anybody to repair an event; a body of 256 KiB could otherwise answer megabytes. */
export const MAX_ERRORS = 1_000;

type Path = readonly PropertyKey[];

/** What was found wrong in one input: the first finding at each place, in the order found. */
export class Findings {
  /** Made with the first finding: nearly every event has none. */
  #byPointer: Map<string, FieldError> | undefined;

  add(path: Path, code: FieldErrorCode, detail: string): void {
    const pointer = pointerTo(path);
    this.#byPointer ??= new Map();
    if (this.#byPointer.has(pointer) || this.#byPointer.size >= MAX_ERRORS) return;
    this.#byPointer.set(pointer, { pointer, code, detail });
  }

  addIssues(issues: readonly z.core.$ZodIssue[], input: unknown, base: Path): void {
    for (const issue of issues) {
      const value = valueAt(input, issue.path);
      const detail = value === null ? `${issue.message}; leave it out rather than null` : issue.message;
      this.add([...base, ...issue.path], codeOf(issue, value), detail);
    }
  }

  get isEmpty(): boolean {
    return this.#byPointer === undefined;
  }

  toArray(): FieldError[] {
    return [...(this.#byPointer?.values() ?? [])];
  }
}

/** RFC 6901. */
function pointerTo(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}

function codeOf(issue: z.core.$ZodIssue, value: unknown): FieldErrorCode {
  if (value === undefined) return 'required';
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong-type';
    case 'too_big':
      return Array.isArray(value) ? 'too-many' : typeof value === 'string' ? 'too-long' : 'out-of-range';
    case 'too_small':
      return typeof value === 'string' ? 'wrong-format' : 'out-of-range';
    default:
      return typeof value === 'string' ? 'wrong-format' : 'wrong-type';
  }
}
