import { describe, expect, it } from 'vitest';
import { errorAt, errorsOf, options, order, withData } from './testing/order.ts';
import { catalogue } from './version-1.ts';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { in: nested(depth - 1) });

describe('JSON that is hard to keep', () => {
  it.each([
    ['/data/note', 'malformed-text', { note: 'a\u0000b' }],
    ['/data/note', 'malformed-text', { note: '\ud800' }],
    ['/data/a\u0000', 'malformed-text', { 'a\u0000': 1 }],
    ['/data/list/2', 'malformed-text', { list: [1, 2, '\udc00'] }],
    ['/data/size', 'out-of-range', { size: Number.POSITIVE_INFINITY }],
    ['/data/number', 'out-of-range', { number: 2 ** 53 }],
    ['/data/number', 'out-of-range', { number: JSON.parse('-9007199254740993') }],
    ['/data/big', 'wrong-type', { big: 1n }],
    ['/data/act', 'wrong-type', { act: () => 1 }],
  ])('is refused at %j as %s', (pointer, code, change) => {
    expect(errorAt(withData(change), pointer)).toMatchObject({ code });
  });

  it('may hold any number that is read as it was written', () => {
    const numbers = [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -0, 0.1, 1e-300];
    expect(errorsOf(withData({ numbers }))).toEqual([]);
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
