import { join } from 'node:path';
import { isFlaw, openItems, readMapping } from '@touchline/cli';
import { catalogue } from '@touchline/touchpoints';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMPLETE_JOURNEY, FILES, isDataRequired, missingData } from './complete-journey/data-folder.ts';

interface Event {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
  readonly data: {
    readonly amount?: { readonly amount: string; readonly currency: string };
    readonly items?: readonly {
      readonly sku: string;
      readonly name?: string;
      readonly amount: { amount: string };
    }[];
  };
}

const isSkipped = missingData !== undefined && !isDataRequired;
const title = 'the mappings of a year of real shopping';

describe.skipIf(isSkipped)(isSkipped ? `${title} (skipped: ${missingData})` : title, () => {
  const events: Event[] = [];
  const flaws: unknown[] = [];

  beforeAll(async () => {
    if (missingData !== undefined) throw new Error(missingData);
    for (const { input, mapping } of FILES) await collect(input, mapping);
  }, 120_000);

  async function collect(input: string, mapping: string): Promise<void> {
    const named = await readMapping(join(import.meta.dirname, 'complete-journey', mapping));
    const { items } = await openItems(join(COMPLETE_JOURNEY, input), { mapping: named });
    for await (const item of items) {
      if (isFlaw(item)) flaws.push(item);
      else events.push(JSON.parse(item.json.toString()));
    }
  }

  const orders = () => events.filter(({ type }) => type === 'touchline.order.placed.v1');
  const cents = (amount: string | undefined) => BigInt(amount?.replace('.', '') ?? Number.NaN);

  test('every line of the files finds its touchpoint', () => {
    expect(flaws).toEqual([]);
    expect(events).toHaveLength(56_735);
    expect(new Set(events.map(({ source, id }) => `${source} ${id}`)).size).toBe(56_735);
    const bySource = Map.groupBy(events, ({ source }) => source);
    expect([...bySource.values()].map((same) => same.length)).toEqual(
      FILES.map(({ touchpoints }) => touchpoints),
    );
  });

  test('they are those of 2,379 customers; household 2337 has 152', () => {
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(2_379);
    const types = events
      .filter(({ subject }) => subject === 'account:complete-journey:2337')
      .map(({ type }) => type);
    const count = (type: string) => types.filter((one) => one === `touchline.${type}.v1`).length;
    expect(types).toHaveLength(152);
    expect([count('order.placed'), count('campaign.sent'), count('customer.registered')]).toEqual([
      144, 7, 1,
    ]);
  });

  test('the orders add up to 233,935.24 USD, and so do their items', () => {
    const total = orders().reduce((sum, { data }) => sum + cents(data.amount?.amount), 0n);
    const ofItems = orders().flatMap(
      ({ data }) => data.items?.map((item) => cents(item.amount.amount)) ?? [],
    );
    expect(total).toBe(23_393_524n);
    expect(ofItems).toHaveLength(75_000);
    expect(ofItems.reduce((sum, amount) => sum + amount, 0n)).toBe(total);
    expect(new Set(orders().map(({ data }) => data.amount?.currency))).toEqual(new Set(['USD']));
  });

  test('items bear the names of the product file', () => {
    const items = orders().flatMap(({ data }) => data.items ?? []);
    expect(items.filter(({ name }) => name !== undefined).length).toBeGreaterThan(74_000);
  });

  test('dates without a time are noon in New York, in summer and in winter', () => {
    const mailed = events.filter(({ type }) => type === 'touchline.campaign.sent.v1').map(({ time }) => time);
    expect(new Set(mailed.map((time) => time.slice(10)))).toEqual(
      new Set(['T12:00:00-05:00', 'T12:00:00-04:00']),
    );
    expect(mailed.every((time) => [16, 17].includes(new Date(time).getUTCHours()))).toBe(true);
  });

  test('the catalogue takes all of them', () => {
    const now = Date.parse('2026-11-22T00:00:00Z');
    expect(events.filter((event) => !catalogue.parse(event, { now }).ok)).toEqual([]);
  });
});
