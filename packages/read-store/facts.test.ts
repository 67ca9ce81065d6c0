import { expect, test } from 'vitest';
import { Facts } from './facts.ts';

/** Of short facts. */
const MAX = 40;
const BYTES = 148;

function known(facts: Facts, name: string, count: number): number {
  return Array.from({ length: count }, (_, at) => facts.get(`${name} ${at}`)).filter(
    (one) => one !== undefined,
  ).length;
}

function learn(facts: Facts, name: string, count: number): void {
  for (let at = 0; at < count; at++) {
    facts.set(`${name} ${at}`, at);
    facts.keep();
  }
}

test('what an event notes holds once its changes are kept, and not when they are taken back', () => {
  const facts = new Facts(MAX * BYTES);
  facts.set('kept', 1);
  expect(facts.get('kept')).toBeUndefined();
  facts.keep();
  facts.set('kept', 2);
  facts.set('taken back', 3);
  facts.takeBack();
  facts.keep();
  expect(facts.get('kept')).toBe(1);
  expect(facts.get('taken back')).toBeUndefined();
});

test('long ones are not held', () => {
  const facts = new Facts(MAX * BYTES);
  for (const length of [200, 201]) facts.set('x'.repeat(length), length);
  facts.keep();
  expect(facts.get('x'.repeat(200))).toBe(200);
  expect(facts.get('x'.repeat(201))).toBeUndefined();
});

test('no more are held than allowed, and at least half of them', () => {
  const facts = new Facts(MAX * BYTES);
  learn(facts, 'one of many', MAX * 5); // 11 to 15 characters each
  const held = known(facts, 'one of many', MAX * 5);
  expect(held).toBeLessThanOrEqual(MAX);
  expect(held).toBeGreaterThanOrEqual(MAX / 2);
});

test('those asked for stay while others pass through', () => {
  const facts = new Facts(MAX * BYTES);
  learn(facts, 'asked for', 5);
  for (let round = 0; round < 20; round++) {
    learn(facts, `passing ${round}`, 10);
    expect(known(facts, 'asked for', 5)).toBe(5);
  }
});
