import { expect, it } from 'vitest';
import { catalogue } from './version-1.ts';

it.each([
  ['order.place', 'touchline.order.placed.v1'],
  ['touchline.order.placd.v1', 'touchline.order.placed.v1'],
  ['touchline.order.placed', 'touchline.order.placed.v1'],
  ['touchline.order.placed.v7', 'touchline.order.placed.v1'],
  ['OrderPlaced', 'touchline.order.placed.v1'],
  ['order_placed', 'touchline.order.placed.v1'],
  ['call.compelted', 'touchline.call.completed.v1'],
  ['com.example.call.completed', 'touchline.call.completed.v1'],
  ['party.no-merge', 'touchline.party.merged.v1'],
])('%s looks most like %s', (text, name) => {
  expect(catalogue.nearest(text)[0]).toBe(name);
});

it('names at most three, and none for what looks like nothing', () => {
  expect(catalogue.nearest('order.changed').length).toBeLessThanOrEqual(3);
  expect(catalogue.nearest('')).toEqual([]);
  expect(catalogue.nearest('zzzzzzzzzzzzzzzz')).toEqual([]);
  expect(catalogue.nearest('x'.repeat(1_000_000))).toEqual([]);
});
