import { describe, expect, it } from 'vitest';
import { errorAt, errorsOf, order, withData } from './testing/order.ts';

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
