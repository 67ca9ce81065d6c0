import { describe, expect, it } from 'vitest';
import { identifiersOf } from './identifiers-of.ts';
import { catalogue } from './version-1.ts';

const now = Date.parse('2026-11-22T02:00:00Z');
const options = { now, defaultRegion: 'CN' };

const order = {
  specversion: '1.0',
  id: 'order-8891',
  source: '/shop/cn',
  type: 'touchline.order.placed.v1',
  time: '2026-11-22T09:30:00.250+08:00',
  subject: 'tel:138 0013 8000',
  department: 'sales',
  data: {
    customer: { identifiers: ['mailto:Li.Lei@Example.com', 'account:Shop:1001'], name: 'Li Lei' },
    about: ['Order:Shop:8891'],
    order: '8891',
    amount: { amount: '420.00', currency: 'CNY' },
  },
};

const errorsOf = (input: unknown) => {
  const result = catalogue.parse(input, options);
  return result.ok ? [] : result.errors;
};
const errorAt = (input: unknown, pointer: string) =>
  errorsOf(input).find((error) => error.pointer === pointer);
const withData = (data: object) => ({ ...order, data: { ...order.data, ...data } });
const nested = (depth: number): unknown => (depth === 0 ? 'x' : { in: nested(depth - 1) });

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
    const { subject: _, ...nobody } = order;
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

describe('an invalid envelope', () => {
  it.each([
    ['/specversion', 'wrong-type', { specversion: 1 }],
    ['/specversion', 'wrong-format', { specversion: '0.3' }],
    ['/id', 'required', { id: undefined }],
    ['/id', 'wrong-format', { id: '' }],
    ['/id', 'too-long', { id: 'x'.repeat(257) }],
    ['/source', 'wrong-format', { source: 'the shop' }],
    ['/source', 'wrong-format', { source: '/shop/%zz' }],
    ['/source', 'wrong-format', { source: '1shop:x' }],
    ['/source', 'too-long', { source: `/${'x'.repeat(512)}` }],
    ['/type', 'required', { type: undefined }],
    ['/time', 'required', { time: null }],
    ['/time', 'wrong-type', { time: 1_795_311_000_000 }],
    ['/time', 'wrong-format', { time: '2026-11-22T09:30:00' }],
    ['/subject', 'wrong-type', { subject: 13800138000 }],
    ['/subject', 'invalid-identifier', { subject: 'Li Lei' }],
    ['/subject', 'too-long', { subject: `cookie:${'x'.repeat(600)}` }],
    ['/department', 'required', { department: undefined }],
    ['/department', 'wrong-format', { department: ' sales' }],
    ['/department', 'too-long', { department: 'x'.repeat(65) }],
    ['/traceparent', 'wrong-format', { traceparent: '00-abc-def-01' }],
    ['/datacontenttype', 'wrong-format', { datacontenttype: 'application/xml' }],
    ['/dataschema', 'wrong-format', { dataschema: 'not a uri' }],
    ['/data', 'required', { data: undefined }],
    ['/data', 'wrong-type', { data: [] }],
    ['/data_base64', 'not-allowed', { data_base64: 'e30=' }],
    ['/position', 'not-allowed', { position: '7' }],
    ['/recordedtime', 'not-allowed', { recordedtime: '2026-11-22T02:00:00Z' }],
    ['/eventid', 'not-allowed', { eventid: 'x' }],
    ['/customerid', 'not-allowed', { customerid: 'x' }],
    ['/shopRegion', 'not-allowed', { shopRegion: 'east' }],
    ['/anextensionofmanyletters', 'not-allowed', { anextensionofmanyletters: 'x' }],
    ['/a~1b', 'not-allowed', { 'a/b': 'x' }],
    ['/shop', 'wrong-type', { shop: { region: 'east' } }],
    ['/ratio', 'wrong-type', { ratio: 0.5 }],
  ])('has an error at %s: %s', (pointer, code, change) => {
    const error = errorAt({ ...order, ...change }, pointer);
    expect(error).toMatchObject({ code, detail: expect.stringMatching(/^must /) });
  });

  it.each([
    '/pbx/hangzhou',
    'https://shop.example.cn/a?b=c#d',
    'urn:shop:1',
    'shop',
    '../x',
    '//host/x',
    '/a:b',
    '?q',
  ])('takes the URI-reference %s as source', (source) => {
    expect(errorsOf({ ...order, source })).toEqual([]);
  });

  it('says how a time must be written', () => {
    expect(errorAt({ ...order, time: 'yesterday' }, '/time')?.detail).toContain('2026-11-22T09:30:00+08:00');
  });

  it.each([[null], [[order]], ['{}'], [7], [undefined]])('is an error at the root when it is %j', (input) => {
    expect(errorsOf(input)).toEqual([
      { pointer: '', code: 'wrong-type', detail: 'must be a JSON object: one CloudEvent' },
    ]);
  });

  it('names the nearest known types of an unknown one, and checks the rest all the same', () => {
    const errors = errorsOf({
      ...order,
      type: 'touchline.order.place.v1',
      id: 7,
      data: { channel: 'pigeon' },
    });
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/data/channel', '/id', '/type']);
    const unknown = errors.find(({ pointer }) => pointer === '/type');
    expect(unknown).toMatchObject({
      code: 'unknown-type',
      detail: expect.stringContaining('touchline.order.placed.v1'),
    });
  });
});

describe('an invalid body', () => {
  it.each([
    ['/data/channel', 'wrong-format', { channel: 'pigeon' }],
    ['/data/direction', 'wrong-type', { direction: 1 }],
    ['/data/agent/name', 'wrong-type', { agent: { name: 5 } }],
    ['/data/reason', 'wrong-format', { reason: 'Because of the rain' }],
    ['/data/description', 'too-long', { description: 'x'.repeat(65_537) }],
    ['/data/sentiment/value', 'required', { sentiment: { by: 'model' } }],
    ['/data/sentiment/value', 'out-of-range', { sentiment: { value: 2 } }],
    ['/data/cost/amount', 'wrong-type', { cost: { amount: 12.5, currency: 'CNY' } }],
    ['/data/cost/currency', 'wrong-format', { cost: { amount: '12.5', currency: 'rmb' } }],
    ['/data/amount/amount', 'wrong-format', { amount: { amount: '1,000', currency: 'CNY' } }],
    ['/data/amount', 'wrong-type', { amount: '420.00 CNY' }],
    ['/data/items/1/quantity', 'out-of-range', { items: [{ quantity: 1 }, { quantity: -1 }] }],
    ['/data/items/0', 'wrong-type', { items: ['KT-200'] }],
    ['/data/promisedAt', 'wrong-format', { promisedAt: '25.11.2026' }],
    ['/data/discountPercent', 'out-of-range', { discountPercent: 101 }],
    ['/data/order', 'wrong-type', { order: 8891 }],
    ['/data/order', 'wrong-type', { order: null }],
    ['/data/order', 'wrong-format', { order: 'two\nlines' }],
    ['/data/about/1', 'wrong-format', { about: ['order:shop:1', 'order 2'] }],
    ['/data/about/0', 'wrong-type', { about: [8891] }],
    [
      '/data/customer/identifiers/1',
      'invalid-identifier',
      { customer: { identifiers: ['tel:10086', 'li lei'] } },
    ],
    ['/data/customer/identifiers/0', 'wrong-type', { customer: { identifiers: [null] } }],
    ['/data/customer', 'wrong-type', { customer: 'Li Lei' }],
  ])('has an error at %s: %s', (pointer, code, change) => {
    expect(errorAt(withData(change), pointer)).toMatchObject({
      code,
      detail: expect.stringMatching(/^must /),
    });
  });

  it('collects all errors at once', () => {
    const input = {
      ...withData({ channel: 'pigeon', items: [{}, { amount: {} }], about: ['x'] }),
      id: '',
      time: 'x',
      Foo: 1,
    };
    expect(errorsOf(input).map(({ pointer }) => pointer)).toEqual([
      '/id',
      '/Foo',
      '/time',
      '/data/channel',
      '/data/items/1/amount/amount',
      '/data/items/1/amount/currency',
      '/data/about/0',
    ]);
  });

  it('is told to leave a field out rather than send null', () => {
    expect(errorAt(withData({ order: null }), '/data/order')?.detail).toMatch(/rather than null$/);
  });

  it('answers at most a thousand errors', () => {
    expect(errorsOf(withData({ items: Array.from({ length: 1_900 }, () => 7) }))).toHaveLength(1_000);
  });
});

describe('whose touchpoint it is', () => {
  const { subject: _, ...nobody } = order;

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

describe('a decision', () => {
  const customer = '4f1d0c9ab27e5a3311c0de44';
  const decide = (name: string, data: object) => ({
    ...nobodyOf(order),
    type: `touchline.${name}.v1`,
    authid: 'a-12',
    data,
  });

  it('belongs to its parties, identifiers before customer ids', () => {
    const merge = {
      ...decide('party.merged', { parties: [customer, 'tel:13800138000'] }),
      subject: 'mailto:a@b.cn',
    };
    expect(catalogue.parse(merge, options)).toMatchObject({
      ok: true,
      touchpoint: { data: { parties: [customer, 'tel:+8613800138000'] } },
      identifiers: [
        { uri: 'tel:+8613800138000', kind: 'tel' },
        { uri: customer, kind: 'customer' },
      ],
    });
  });

  it('may be about one identifier', () => {
    expect(
      catalogue.parse(decide('identifier.marked-shared', { identifier: 'tel:0571 8765 4321' }), options),
    ).toMatchObject({
      ok: true,
      touchpoint: { data: { identifier: 'tel:+8657187654321' } },
      identifiers: [{ uri: 'tel:+8657187654321', kind: 'tel' }],
    });
  });

  it.each([
    ['/data/parties', 'required', 'party.merged', {}],
    ['/data/parties', 'out-of-range', 'party.merged', { parties: [customer] }],
    ['/data/parties', 'too-many', 'party.merged', { parties: [customer, 'tel:1', 'tel:2'] }],
    [
      '/data/parties/1',
      'not-allowed',
      'party.merged',
      { parties: ['tel:13800138000', 'tel:+8613800138000'] },
    ],
    ['/data/parties/0', 'invalid-identifier', 'party.nomerge-declared', { parties: ['Li Lei', customer] }],
    [
      '/data/parties/1',
      'invalid-identifier',
      'party.nomerge-declared',
      { parties: [customer, customer.toUpperCase()] },
    ],
    ['/data/decision', 'required', 'party.unmerged', { parties: [customer] }],
    ['/data/decision', 'wrong-format', 'party.unmerged', { parties: [customer], decision: 'the last one' }],
    ['/data/identifier', 'required', 'identifier.marked-shared', {}],
    ['/data/identifier', 'invalid-identifier', 'identifier.marked-shared', { identifier: customer }],
    ['/data/parties/0', 'wrong-format', 'customer.erased', { parties: ['tel:+8613800138000'] }],
    ['/data/target', 'required', 'record.retracted', {}],
  ])('has an error at %s: %s for %s', (pointer, code, name, data) => {
    expect(errorAt(decide(name, data), pointer)).toMatchObject({ code });
  });

  it('may say in words why', () => {
    const data = { parties: [customer, 'tel:95588'], reason: 'Called from both numbers.' };
    expect(errorsOf(decide('party.merged', data))).toEqual([]);
  });
});

describe('JSON that is hard to keep', () => {
  it.each([
    ['/data/note', 'malformed-text', { note: 'a\u0000b' }],
    ['/data/note', 'malformed-text', { note: '\ud800' }],
    ['/data/a\u0000', 'malformed-text', { 'a\u0000': 1 }],
    ['/data/list/2', 'malformed-text', { list: [1, 2, '\udc00'] }],
    ['/data/size', 'wrong-type', { size: Number.POSITIVE_INFINITY }],
    ['/data/big', 'wrong-type', { big: 1n }],
    ['/data/act', 'wrong-type', { act: () => 1 }],
  ])('is refused at %j as %s', (pointer, code, change) => {
    expect(errorAt(withData(change), pointer)).toMatchObject({ code });
  });

  it('may be nested 32 levels deep, the event included', () => {
    expect(errorsOf(withData({ deep: nested(30) }))).toEqual([]);
    const pointer = `/data/deep${'/in'.repeat(30)}`;
    expect(errorsOf(withData({ deep: nested(31) }))).toEqual([
      { pointer, code: 'too-deep', detail: 'must not be nested deeper than 32 levels' },
    ]);
  });

  it('does not blow the stack', () => {
    const depth = 100_000;
    const deep = JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    expect(errorsOf(withData({ deep }))).toMatchObject([{ code: 'too-deep' }]);
    expect(errorsOf(deep)).toMatchObject([{ pointer: '', code: 'wrong-type' }]);
  });

  it('cannot change prototypes', () => {
    const text = JSON.stringify(order);
    const atRoot = JSON.parse(text.replace('{', '{"__proto__":{"polluted":true},'));
    const inBody = JSON.parse(text.replace('"data":{', '"data":{"__proto__":{"polluted":true},'));
    expect(errorsOf(atRoot)).toMatchObject([{ pointer: '/__proto__', code: 'not-allowed' }]);
    expect(errorsOf(inBody)).toMatchObject([{ pointer: '/data/__proto__', code: 'not-allowed' }]);
    expect(catalogue.parse({ ...order, constructor: 'x', tostring: 'y' }, options)).toMatchObject({
      ok: true,
    });
    expect({}).not.toHaveProperty('polluted');
  });
});

function nobodyOf<T extends { subject?: string }>({ subject: _, ...rest }: T): Omit<T, 'subject'> {
  return rest;
}
