import { expect, describe as group, it } from 'vitest';
import { z } from 'zod';
import { commonClear, commonPersonal } from './body.ts';
import { defineCatalogue } from './catalogue.ts';
import { examples, fixtures } from './examples.ts';
import { label, money } from './fields.ts';
import { type Body, CHANNELS, STAGES, type Touchpoint } from './touchpoint.ts';
import { defineType, GROUPS } from './touchpoint-type.ts';
import { catalogue, describe } from './version-1.ts';
import { both, line, price } from './wording.ts';

const options = { now: Date.parse('2026-12-31T00:00:00Z'), defaultRegion: 'CN' };
const COMMON = new Set(Object.keys({ ...commonClear, ...commonPersonal }));

const touchpointOf = (input: unknown): Touchpoint => {
  const result = catalogue.parse(input, options);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.touchpoint;
};
const withoutKeys = (touchpoint: Touchpoint, isGone: (key: string) => boolean): Touchpoint => ({
  ...touchpoint,
  data: Object.fromEntries(Object.entries(touchpoint.data).filter(([key]) => !isGone(key))),
});

group('the catalogue', () => {
  it('has the 75 types of version 1 in nine groups, each with channel, stage and a line in both languages', () => {
    expect(catalogue.types.size).toBe(75);
    for (const [name, type] of catalogue.types) {
      expect(name).toMatch(/^touchline\.[a-z]+\.[a-z-]+\.v1$/);
      expect(type.type).toBe(name);
      expect(GROUPS).toContain(type.group);
      expect(CHANNELS).toContain(type.channel);
      expect(STAGES).toContain(type.stage);
      expect(type.summary.en).toMatch(/\.$/);
      expect(type.summary.zh).toMatch(/。$/);
    }
  });

  it('compiles every schema, so that none is slow', () => {
    for (const type of catalogue.types.values()) z.compile(type.schema, { strict: true });
  });

  it('seals customer, description, what a type says, and what nobody knows', () => {
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'customer')).toBe(true);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'description')).toBe(true);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'shippingAddress')).toBe(true);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'giftWrap')).toBe(true);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'constructor')).toBe(true);
    expect(catalogue.isPersonal('touchline.unknown.v1', 'amount')).toBe(true);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'amount')).toBe(false);
    expect(catalogue.isPersonal('touchline.order.placed.v1', 'reason')).toBe(false);
    expect(catalogue.isPersonal('touchline.party.merged.v1', 'reason')).toBe(true);
    expect(catalogue.isPersonal('touchline.party.merged.v1', 'parties')).toBe(true);
    expect(catalogue.isPersonal('touchline.customer.erased.v1', 'parties')).toBe(false);
  });
});

group('examples', () => {
  it('exist for every type, in the order of the catalogue, with every field the type adds', () => {
    expect([...examples.keys()]).toEqual([...catalogue.types.keys()]);
    for (const [name, { data }] of examples) {
      const type = catalogue.types.get(name);
      const own = [...(type?.clear ?? []), ...(type?.personal ?? [])].filter((key) => !COMMON.has(key));
      expect(Object.keys(data), name).toEqual(expect.arrayContaining(own));
    }
  });

  it.each(fixtures.map(({ touchpoint, title }) => [touchpoint.type, touchpoint, title] as const))(
    '%s parses and has its title',
    (_, touchpoint, title) => {
      expect(describe(touchpointOf(touchpoint))).toEqual(title);
    },
  );

  it('are what their JSON schema describes', () => {
    for (const [name, example] of examples) {
      const schema = z.fromJSONSchema(catalogue.jsonSchema(name) ?? {});
      expect(schema.safeParse(example).error?.issues ?? [], name).toEqual([]);
      expect(
        schema.safeParse({ ...example, data: { ...example.data, channel: 'pigeon' } }).success,
        name,
      ).toBe(false);
    }
  });
});

group('titles', () => {
  it('read the same after an erasure', () => {
    for (const { touchpoint, title } of fixtures) {
      const erased = withoutKeys(touchpointOf(touchpoint), (key) =>
        catalogue.isPersonal(touchpoint.type, key),
      );
      expect(describe(erased), touchpoint.type).toEqual(title);
    }
  });

  it('read well whatever is missing', () => {
    for (const { touchpoint } of fixtures) {
      const full = touchpointOf(touchpoint);
      for (const kept of [...Object.keys(full.data), undefined]) {
        for (const gone of [(key: string) => key !== kept, (key: string) => key === kept]) {
          const { en, zh } = describe(withoutKeys(full, gone));
          for (const text of [en, zh])
            expect(text).not.toMatch(/undefined|null|NaN|\[object|^$|^[\s,]|[\s,]$|,\s*,| {2}/);
          expect(en).toMatch(/^[A-Z]/);
          expect(zh).toMatch(/^[\u4e00-\u9fff]/);
        }
      }
    }
  });

  it('take the number of the order from a reference when the body has none', () => {
    const touchpoint = touchpointOf({
      ...examples.get('touchline.order.placed.v1'),
      data: { about: ['order:shop:A:7'] },
    });
    expect(describe(touchpoint)).toEqual({ en: 'Order A:7 placed', zh: '下单 A:7' });
  });

  it('of a type nobody knows is its name', () => {
    const touchpoint = {
      ...touchpointOf(examples.get('touchline.note.added.v1')),
      type: 'touchline.gone.v1',
    };
    expect(describe(touchpoint)).toEqual({ en: 'touchline.gone.v1', zh: 'touchline.gone.v1' });
  });
});

group('JSON schemas', () => {
  it('mark what is personal and say what a type is for', () => {
    expect(catalogue.jsonSchema('touchline.order.placed.v1')).toMatchObject({
      title: 'touchline.order.placed.v1',
      description: 'The customer ordered goods or services.',
      required: ['specversion', 'id', 'source', 'type', 'time', 'department', 'data'],
      properties: {
        type: { const: 'touchline.order.placed.v1' },
        subject: { 'x-personal': true },
        data: {
          properties: { shippingAddress: { 'x-personal': true }, order: { description: 'Order number.' } },
        },
      },
    });
    expect(catalogue.jsonSchema('touchline.order.placed.v1')).not.toHaveProperty(
      'properties.data.properties.order.x-personal',
    );
    expect(catalogue.jsonSchema('touchline.unknown.v1')).toBeUndefined();
  });
});

group('upcasting', () => {
  const base = { channel: 'web', stage: 'sale', summary: both('A sale.', '销售。') } as const;
  const v1 = defineType('sales', 'sale.made', {
    ...base,
    clear: { yuan: label() },
    title: () => both('Sale', '销售'),
  });
  const v2 = defineType(
    'sales',
    'sale.made',
    { ...base, clear: { total: label() }, title: () => both('Sale', '销售') },
    2,
  );
  const v3 = defineType(
    'sales',
    'sale.made',
    {
      ...base,
      clear: { amount: money() },
      title: (body) => line(both('Sale made', '成交'), price(body.amount)),
    },
    3,
  );
  const [one, two, three] = [v1.type, v2.type, v3.type];
  const toTwo = {
    from: one,
    to: two,
    upcast: ({ yuan, ...body }: Body): Body =>
      yuan === undefined ? body : { ...body, total: `${yuan} CNY` },
  };
  const toThree = {
    from: two,
    to: three,
    upcast: ({ total, ...body }: Body): Body => {
      const [amount, currency] = String(total ?? '').split(' ');
      return currency === undefined ? body : { ...body, amount: { amount, currency } };
    },
  };
  const event = {
    specversion: '1.0',
    id: '1',
    source: '/s',
    time: '2026-11-22T09:30:00Z',
    subject: 'tel:1',
    department: 'd',
  };

  it('leads one version to the next', () => {
    const versions = defineCatalogue({ types: [v1, v2], upcasters: [toTwo] });
    expect(versions.upcast(one, { yuan: '7' })).toEqual({ type: two, body: { total: '7 CNY' } });
    expect(versions.upcast(two, { total: '7 CNY' })).toEqual({ type: two, body: { total: '7 CNY' } });
    expect(versions.upcast('touchline.other.v1', { yuan: '7' })).toEqual({
      type: 'touchline.other.v1',
      body: { yuan: '7' },
    });
  });

  it('leads through all versions, with and without personal fields', () => {
    const versions = defineCatalogue({ types: [v1, v2, v3], upcasters: [toThree, toTwo] });
    const amount = { amount: '7', currency: 'CNY' };
    expect(versions.upcast(one, { yuan: '7', extra: 1 })).toEqual({
      type: three,
      body: { amount, extra: 1 },
    });
    expect(versions.upcast(two, { total: '7 CNY' })).toEqual({ type: three, body: { amount } });
    expect(versions.upcast(one, {})).toEqual({ type: three, body: {} });
  });

  it('leaves old versions acceptable, as they are, and describes them in the words of the newest', () => {
    const versions = defineCatalogue({ types: [v1, v2, v3], upcasters: [toTwo, toThree] });
    const old = versions.parse({ ...event, type: one, data: { yuan: '7' } }, options);
    expect(old).toMatchObject({ ok: true, touchpoint: { type: one, data: { yuan: '7' } } });
    if (old.ok)
      expect(versions.describe(old.touchpoint)).toEqual({ en: 'Sale made, 7 CNY', zh: '成交,7 CNY' });
    expect(versions.isPersonal(one, 'yuan')).toBe(false);
    expect(versions.isPersonal(three, 'yuan')).toBe(true);
  });

  it('refuses definitions that contradict each other', () => {
    expect(() => defineCatalogue({ types: [v1, v1] })).toThrow('defined twice');
    expect(() => defineCatalogue({ types: [v1], upcasters: [toTwo] })).toThrow('unknown type');
    expect(() => defineCatalogue({ types: [v1, v2], upcasters: [toTwo, toTwo] })).toThrow('two upcasters');
    const back = { from: two, to: one, upcast: (body: Body) => body };
    expect(() => defineCatalogue({ types: [v1, v2], upcasters: [back] })).toThrow('newer version');
  });
});
