import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { envelopeSchema } from './envelope.ts';
import { examples } from './examples.ts';
import { quickCheckOf } from './quick-check.ts';
import { anyJson, damaged } from './testing/damaged-event.ts';
import { catalogue } from './version-1.ts';

const value = fc.oneof(anyJson(), fc.constantFrom(...examples.values()), damaged);

it('comes to the verdict of the schema, for envelopes and for bodies of every type', () => {
  const isRightEnvelope = quickCheckOf(envelopeSchema);
  fc.assert(
    fc.property(value, (input) => {
      expect(isRightEnvelope(input)).toBe(envelopeSchema.safeParse(input).success);
      const { type, data } = (input ?? {}) as { type?: unknown; data?: unknown };
      const schema = catalogue.types.get(String(type))?.schema;
      if (schema !== undefined) expect(quickCheckOf(schema)(data)).toBe(schema.safeParse(data).success);
    }),
    { numRuns: 1_000 },
  );
});

it('comes to the verdict of schemas that ask something of an object or a list as a whole', () => {
  const isEven = (list: readonly unknown[]) => list.length % 2 === 0;
  const schemas = [
    z.strictObject({ a: z.string().optional() }),
    z.object({ a: z.int().optional() }),
    z.looseObject({ a: z.unknown() }).refine((given) => given.a !== 1),
    z.array(z.int()).refine(isEven),
    z.array(z.array(z.string().max(1)).min(1)).max(2),
    z.looseObject({ a: z.looseObject({ b: z.int() }).optional() }).optional(),
  ];
  const small = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(undefined, null, 1, 1.5, '', 'x', 'xy'),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('any')),
    ),
  })).any;
  fc.assert(
    fc.property(fc.constantFrom(...schemas), small, (schema, input) => {
      expect(quickCheckOf(schema)(input)).toBe(schema.safeParse(input).success);
    }),
    { numRuns: 2_000 },
  );
});
