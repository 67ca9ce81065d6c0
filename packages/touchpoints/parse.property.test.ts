import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identifiersOf } from './identifiers-of.ts';
import { anyJson, damaged } from './testing/damaged-event.ts';
import type { ParseResult } from './touchpoint.ts';
import { catalogue } from './version-1.ts';

const options = { now: Date.parse('2026-12-31T00:00:00Z'), defaultRegion: 'CN' };

it('never throws and leaves its input as it is, whatever JSON it is given', () => {
  fc.assert(
    fc.property(fc.oneof(anyJson(), damaged), (input) => {
      const before = structuredClone(input);
      catalogue.parse(input, options);
      expect(input).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

it('points every error at something in the input, or at a member that an object of the input lacks', () => {
  fc.assert(
    fc.property(fc.oneof(anyJson(), damaged), (input) => {
      const result = catalogue.parse(input, options);
      if (!result.ok)
        for (const { pointer } of result.errors) expect(isPlace(input, pointer), pointer).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('finds an error or somebody it belongs to, and what it accepted it accepts again unchanged', () => {
  fc.assert(
    fc.property(damaged, (input) => {
      const result: ParseResult = catalogue.parse(input, options);
      if (!result.ok) {
        expect(result.errors.length).toBeGreaterThan(0);
        return;
      }
      expect(result.identifiers.length).toBeGreaterThan(0);
      expect(identifiersOf(result.touchpoint)).toEqual(result.identifiers);
      expect(catalogue.parse(result.touchpoint, options)).toEqual(result);
      expect(catalogue.parse(JSON.parse(JSON.stringify(result.touchpoint)), options)).toEqual(result);
    }),
    { numRuns: 1_000 },
  );
});

function isPlace(input: unknown, pointer: string): boolean {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  let value = input;
  for (const [at, step] of steps.entries()) {
    if (typeof value !== 'object' || value === null) return false;
    if (!Object.hasOwn(value, step)) return at === steps.length - 1 && !Array.isArray(value);
    value = (value as Record<string, unknown>)[step];
  }
  return true;
}
