import { describe, expect, it } from 'vitest';
import { identifiersOf } from './identifiers-of.ts';
import { errorAt, errorsOf, nobody, options, order, withData } from './testing/order.ts';
import { catalogue } from './version-1.ts';

describe('a valid event', () => {
  it('comes back normalised, with its time and its identifiers, strongest first', () => {
    expect(catalogue.parse(order, options)).toEqual({
      ok: true,
      happenedAt: Date.parse('2026-11-22T01:30:00.250Z'),
      touchpoint: {
        ...order,
        subject: 'tel:+8613800138000',
        data: {
          ...order.data,
          customer: { identifiers: ['mailto:li.lei@example.com', 'account:shop:1001'], name: 'Li Lei' },
          about: ['order:shop:8891'],
        },
      },
      identifiers: [
        { uri: 'account:shop:1001', kind: 'account', owner: 'shop' },
        { uri: 'mailto:li.lei@example.com', kind: 'mailto' },
        { uri: 'tel:+8613800138000', kind: 'tel' },
      ],
    });
  });

  it('is left as it was', () => {
    const before = structuredClone(order);
    catalogue.parse(order, options);
    expect(order).toEqual(before);
  });

  it('keeps fields and extensions nobody knows', () => {
    const given = { ...withData({ giftWrap: { paper: 'red' } }), shopregion: 'east', retry: 2, test: false };
    expect(catalogue.parse(given, options)).toMatchObject({
      ok: true,
      touchpoint: { data: { giftWrap: { paper: 'red' } }, shopregion: 'east', retry: 2, test: false },
    });
  });

  it('may set optional attributes to null, which is not setting them (CloudEvents JSON format)', () => {
    const result = catalogue.parse({ ...order, correlationid: null, dataschema: null, myext: null }, options);
    expect(result).toMatchObject({ ok: true });
    if (result.ok) expect(Object.keys(result.touchpoint)).toEqual(Object.keys(order));
  });

  it('may have texts in any script, also beyond the basic plane', () => {
    expect(errorsOf({ ...withData({ order: '🎁 订单 8891' }), department: '售后' })).toEqual([]);
  });

  it('may be known by a reference alone', () => {
    expect(
      catalogue.parse({ ...nobody, data: { about: ['order:shop:8891', 'ORDER:shop:8891'] } }, options),
    ).toMatchObject({
      ok: true,
      identifiers: [{ uri: 'order:shop:8891', kind: 'reference' }],
    });
  });

  it('may have happened up to ten minutes ahead of the server', () => {
    expect(errorsOf({ ...order, time: '2026-11-22T02:10:00Z' })).toEqual([]);
    expect(errorAt({ ...order, time: '2026-11-22T02:10:00.001Z' }, '/time')).toEqual({
      pointer: '/time',
      code: 'in-the-future',
      detail: 'must not be more than ten minutes ahead of the server, whose time is 2026-11-22T02:00:00.000Z',
    });
  });

  it('names its own identifiers when it is read again', () => {
    const result = catalogue.parse(order, options);
    if (!result.ok) throw new Error('valid');
    expect(identifiersOf(result.touchpoint)).toEqual(result.identifiers);
  });
});

describe('whose touchpoint it is', () => {
  it('must be said', () => {
    for (const data of [
      {},
      { customer: {} },
      { customer: { identifiers: [] }, about: [] },
      { parties: ['tel:1'] },
    ]) {
      expect(errorsOf({ ...nobody, data })).toEqual([
        {
          pointer: '/subject',
          code: 'required',
          detail: expect.stringContaining('/data/customer/identifiers'),
        },
      ]);
    }
  });

  it('may be said with 16 identifiers and 32 references, not more', () => {
    const identifiers = (count: number) => Array.from({ length: count }, (_, at) => `cookie:${at}`);
    const about = (count: number) => Array.from({ length: count }, (_, at) => `order:shop:${at}`);
    expect(errorsOf(withData({ customer: { identifiers: identifiers(15) }, about: about(32) }))).toEqual([]);
    expect(
      errorsOf({ ...withData({ customer: { identifiers: identifiers(16) } }), subject: 'cookie:3' }),
    ).toEqual([]);
    expect(errorsOf(withData({ customer: { identifiers: identifiers(16) } }))).toMatchObject([
      { pointer: '/data/customer/identifiers', code: 'too-many' },
    ]);
    expect(
      errorsOf(withData({ customer: { identifiers: identifiers(100_000) }, about: about(33) })),
    ).toMatchObject([
      { pointer: '/data/about', code: 'too-many' },
      { pointer: '/data/customer/identifiers', code: 'too-many' },
    ]);
  });
});
