import fc from 'fast-check';
import { expect } from 'vitest';
import type { KeyRing, SubjectKey } from '../key-ring.ts';

interface Step {
  readonly action: 'ensure' | 'find' | 'shred';
  readonly process: 0 | 1;
  readonly subjects: readonly string[];
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom('ensure', 'find', 'shred'),
  process: fc.constantFrom(0, 1),
  subjects: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
});

/** Any sequence of calls by two processes, played against what a key ring in one's head would answer. */
export const shredHistory = fc.array(step, { maxLength: 20 }).map((steps) => new ShredHistory(steps));

class ShredHistory {
  readonly steps: readonly Step[];

  constructor(steps: readonly Step[]) {
    this.steps = steps;
  }

  async play(rings: readonly [KeyRing, KeyRing], prefix: string): Promise<void> {
    const current = new Map<string, SubjectKey>();
    const seen = new Map<string, SubjectKey>();
    for (const { action, process, subjects } of this.steps) {
      const ring = rings[process];
      const names = subjects.map((subject) => `${prefix}-${subject}`);
      if (action === 'ensure') await checkEnsure(ring, names, current, seen);
      if (action === 'find') await checkFind(ring, current, seen);
      if (action === 'shred') await checkShred(ring, names, current);
    }
  }
}

async function checkEnsure(
  ring: KeyRing,
  names: readonly string[],
  current: Map<string, SubjectKey>,
  seen: Map<string, SubjectKey>,
): Promise<void> {
  const keys = await ring.ensure(names);
  expect([...keys.keys()].sort()).toEqual([...names].sort());
  for (const [subject, key] of keys) {
    const expected = current.get(subject);
    if (expected) expect(key).toEqual(expected);
    else expect(seen.has(key.id)).toBe(false);
    current.set(subject, key);
    seen.set(key.id, key);
  }
}

async function checkFind(
  ring: KeyRing,
  current: ReadonlyMap<string, SubjectKey>,
  seen: ReadonlyMap<string, SubjectKey>,
): Promise<void> {
  const found = await ring.find([...seen.keys()]);
  expect(found).toEqual(new Map([...current.values()].map((key) => [key.id, key])));
}

async function checkShred(
  ring: KeyRing,
  names: readonly string[],
  current: Map<string, SubjectKey>,
): Promise<void> {
  for (const name of names) {
    expect(await ring.shred(name)).toBe(current.delete(name) ? 1 : 0);
  }
}
