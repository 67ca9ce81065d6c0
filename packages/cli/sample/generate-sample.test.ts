import { createHash } from 'node:crypto';
import { catalogue, eventIdOf } from '@touchline/touchpoints';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_UNTIL, generateSample, type SampleOptions } from './generate-sample.ts';
import type { SampleEvent } from './sample-event.ts';

const UNTIL_MS = Date.parse(DEFAULT_UNTIL);
const small = { customers: 200, events: 3_000, seed: 1 };
const sample = [...generateSample(small)];

test('every event of a small sample passes the catalogue on the last day it tells of', () => {
  const refused = sample.filter((event) => !catalogue.parse(event, { now: UNTIL_MS }).ok);
  expect(refused).toEqual([]);
});

test('a small sample uses every type of the catalogue', () => {
  const used = new Set(sample.map((event) => event.type));
  expect([...catalogue.types.keys()].filter((type) => !used.has(type))).toEqual([]);
});

test('there are as many different events as asked for, and a few of them come twice, unchanged', () => {
  const ids = new Map<string, string>();
  for (const event of sample) {
    const text = JSON.stringify(event);
    expect(ids.get(keyOf(event)) ?? text).toBe(text);
    ids.set(keyOf(event), text);
  }
  expect(ids.size).toBe(small.events);
  expect(sample.length).toBeGreaterThan(small.events);
});

test('the same seed gives the same bytes, another seed another company', () => {
  expect(digest(generateSample(small))).toBe(digest(sample));
  expect(digest(generateSample({ ...small, seed: 2 }))).not.toBe(digest(sample));
});

test('any size gives exactly that many valid events, none after the end', () => {
  const options = fc.record({
    customers: fc.integer({ min: 1, max: 40 }),
    events: fc.integer({ min: 0, max: 400 }),
    seed: fc.integer({ min: 0, max: 2 ** 40 }),
  });
  const property = fc.property(options, (chosen: SampleOptions) => {
    const events = [...generateSample(chosen)];
    expect(new Set(events.map(keyOf)).size).toBe(chosen.events);
    for (const event of events) {
      expect(Date.parse(event.time)).toBeLessThanOrEqual(UNTIL_MS);
      expect(catalogue.parse(event, { now: UNTIL_MS })).toMatchObject({ ok: true });
    }
  });
  fc.assert(property, { numRuns: 25, seed: 7 });
});

test('it ends when it is told to', () => {
  const until = '2025-06-30T12:00:00+02:00';
  const times = [...generateSample({ ...small, until })].map((event) => Date.parse(event.time));
  expect(Math.max(...times)).toBeLessThanOrEqual(Date.parse(until));
  expect(Math.max(...times)).toBeGreaterThan(Date.parse(until) - 5 * 86_400_000);
});

test('options that make no sense are refused', () => {
  const generate = (options: SampleOptions) => () => [...generateSample(options)];
  expect(generate({ customers: 0, events: 1 })).toThrow('customers must be');
  expect(generate({ customers: 1, events: -1 })).toThrow('events must be');
  expect(generate({ customers: 1, events: 10_001 })).toThrow('at most 10000 for each customer');
  expect(generate({ customers: 1, events: 1, until: 'soon' })).toThrow('until must be a time');
});

describe('the company has what makes real feeds hard', () => {
  test('telephones that two customers of one owner use', () => {
    const accounts = new Map<string, Set<string>>();
    for (const event of sample.filter((one) => one.type === 'touchline.customer.registered.v1')) {
      const phone = identifiersOf(event).find((identifier) => identifier.startsWith('tel:'));
      if (phone !== undefined)
        accounts.set(phone, (accounts.get(phone) ?? new Set()).add(event.subject ?? ''));
    }
    expect([...accounts.values()].some((owners) => owners.size > 1)).toBe(true);
    expect([...accounts.values()].every((owners) => owners.size <= 2)).toBe(true);
  });

  test('touchpoints that arrive out of order', () => {
    const times = sample.map((event) => Date.parse(event.time));
    const late = times.filter((time, index) => time < (times[index - 1] ?? 0) - 86_400_000);
    expect(late.length).toBeGreaterThan(10);
  });

  test('corrections, retractions and undone merges that name records of the same sample', () => {
    const known = new Set(sample.map((event) => eventIdOf(event.source, event.id)));
    const named = sample.flatMap(({ data }) => [data.target, data.decision].filter((id) => id !== undefined));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((id) => !known.has(String(id)))).toEqual([]);
  });

  test('two departments that quote the same goods at different prices', () => {
    const offers = Map.groupBy(
      sample.filter((event) => event.type === 'touchline.quote.issued.v1'),
      ({ data }) => data.quote,
    );
    const contradictions = [...offers.values()].filter(
      (same) => new Set(same.map(({ data }) => JSON.stringify(data.amount))).size > 1,
    );
    expect(contradictions.length).toBeGreaterThan(0);
  });

  test('reminders to pay while the goods are late', () => {
    const ofOrder = (type: string) =>
      sample.filter((event) => event.type === type).map(({ data }) => data.order);
    const dunned = new Set(ofOrder('touchline.dunning.sent.v1'));
    expect(ofOrder('touchline.shipment.delayed.v1').some((order) => dunned.has(order))).toBe(true);
  });

  test('touchpoints that bear nothing but the number of an order', () => {
    const bare = sample.filter((event) => event.subject === undefined && identifiersOf(event).length === 0);
    expect(bare.some((event) => event.type === 'touchline.shipment.dispatched.v1')).toBe(true);
  });

  test('both languages', () => {
    const text = JSON.stringify(sample);
    expect(text).toMatch(/\p{Script=Han}{8}/u);
    expect(text).toContain('I have been waiting');
  });
});

function keyOf(event: SampleEvent): string {
  return JSON.stringify([event.source, event.id]);
}

function identifiersOf({ data }: SampleEvent): readonly string[] {
  const customer = data.customer as { identifiers?: readonly string[] } | undefined;
  return customer?.identifiers ?? [];
}

function digest(events: Iterable<SampleEvent>): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(`${JSON.stringify(event)}\n`);
  return hash.digest('hex');
}
