import fc from 'fast-check';
import { ACCOUNTS, FEW, type Happening, REFERENCES, type TestEvent, WEAK } from '../happening.ts';

const at = fc.integer({ min: 0, max: 12 });
const sighting = fc.record({
  act: fc.constant('sighting' as const),
  bears: fc.subarray([...ACCOUNTS, ...WEAK.slice(0, 4)], { minLength: 1, maxLength: 3 }),
  about: fc.subarray(REFERENCES, { maxLength: 1 }),
  at,
});
const mention = fc.record({
  act: fc.constant('sighting' as const),
  bears: fc.constant([]),
  about: fc.subarray(REFERENCES, { minLength: 1, maxLength: 2 }),
  at,
});
const decision = fc.record({
  act: fc.constantFrom('merge' as const, 'merge' as const, 'nomerge' as const),
  parties: fc.tuple(fc.constantFrom(...FEW), fc.constantFrom(...FEW)),
  at,
});
const shared = fc.record({
  act: fc.constant('shared' as const),
  parties: fc.tuple(fc.constantFrom(...FEW)),
  at,
});
const undo = fc.record({
  act: fc.constant('undo' as const),
  place: fc.nat({ max: 4 }),
  parties: fc.subarray(FEW, { maxLength: 1 }),
  at,
});
/** Short histories in which everything collides with everything. */
export const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: sighting },
    { weight: 2, arbitrary: mention },
    { weight: 2, arbitrary: decision },
    { weight: 1, arbitrary: shared },
    { weight: 1, arbitrary: undo },
  ),
  { minLength: 1, maxLength: 14 },
);

/** As a journal answers an event whose document cannot be read, or whose sealed part cannot be opened. */
export function damaged(event: TestEvent, isSealed: boolean): TestEvent {
  const { touchpoint } = event;
  const { reason: _, ...data } = touchpoint.data;
  if (isSealed) return { ...event, plain: [], touchpoint: { ...touchpoint, data } };
  return { ...event, identifiers: [], plain: [], touchpoint: { type: touchpoint.type, data: {} } };
}

/** Of events that are damaged. */
export const places = fc.uniqueArray(fc.nat({ max: 13 }), { minLength: 1, maxLength: 4 });
