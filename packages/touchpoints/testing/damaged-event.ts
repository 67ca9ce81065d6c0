import fc from 'fast-check';
import { examples } from '../examples.ts';

/** What a producer gets wrong: a valid event with some value, at any place, replaced, added or taken away. */
export const damaged = fc
  .tuple(
    fc.constantFrom(...examples.values()),
    fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constant(undefined), anyJson(), fc.string({ unit: 'binary' }))), {
      maxLength: 4,
    }),
  )
  .map(([event, changes]) =>
    changes.reduce((damagedEvent, [at, value]) => damage(damagedEvent, at, value), copyOf(event)),
  );

export function anyJson() {
  return fc.jsonValue({ depthSize: 'medium', stringUnit: 'binary' });
}

function copyOf(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}

/** Walks down the choices of `at` and sets or deletes a member there. */
function damage(event: Record<string, unknown>, at: number, value: unknown): Record<string, unknown> {
  let node: Record<string, unknown> = event;
  for (let rest = at; ; rest = Math.floor(rest / 7)) {
    const keys = Object.keys(node);
    const key = keys[rest % (keys.length + 1)] ?? 'added';
    const next = node[key];
    if (typeof next === 'object' && next !== null && rest > 7) {
      node = next as Record<string, unknown>;
      continue;
    }
    if (value === undefined) delete node[key];
    else if (!Array.isArray(node) || key !== 'added') node[key] = value;
    return JSON.parse(JSON.stringify(event));
  }
}
