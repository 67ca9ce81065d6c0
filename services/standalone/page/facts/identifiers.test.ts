import { describe, expect, test } from 'vitest';

const { callName, readIdentifier, readReference, strongestFirst } = await import(
  new URL('./identifiers.js', import.meta.url).href
);

describe('an identifier as people read it', () => {
  test.each([
    ['tel:+8613800138000', { kind: 'tel', text: '+86 138 0013 8000', href: 'tel:+8613800138000' }],
    ['tel:+8657187654321', { kind: 'tel', text: '+86 571 8765 4321', href: 'tel:+8657187654321' }],
    ['tel:+861087654321', { kind: 'tel', text: '+86 10 8765 4321', href: 'tel:+861087654321' }],
    ['tel:+12125550123', { kind: 'tel', text: '+1 212 555 0123', href: 'tel:+12125550123' }],
    ['tel:+442079460000', { kind: 'tel', text: '+442079460000', href: 'tel:+442079460000' }],
    ['tel:95588', { kind: 'tel', text: '95588', href: 'tel:95588' }],
    [
      'mailto:li.lei@example.com',
      { kind: 'mailto', text: 'li.lei@example.com', href: 'mailto:li.lei@example.com' },
    ],
    ['account:shop:10:01', { kind: 'account', text: '10:01', owner: 'shop' }],
    ['wechat:official:oX7', { kind: 'wechat', text: 'oX7', owner: 'official' }],
    ['cookie:f00d', { kind: 'cookie', text: 'f00d' }],
    ['order:shop:8891', { kind: 'order', owner: 'shop', text: '8891', isReference: true }],
  ])('%s', (uri, read) => {
    expect(readIdentifier(uri)).toEqual(read);
  });

  test('a mail address cannot smuggle headers into a new mail', () => {
    expect(readIdentifier('mailto:a@b.example?bcc=evil@c.example').href).toBe(
      'mailto:a@b.example%3Fbcc%3Devil%40c.example',
    );
  });

  test('only what can be dialled becomes a link', () => {
    expect(readIdentifier('tel:javascript').href).toBeUndefined();
  });
});

test.each([
  ['order:shop:8891', { kind: 'order', owner: 'shop', text: '8891' }],
  ['order:shop:88:91', { kind: 'order', owner: 'shop', text: '88:91' }],
  ['order:8891', { kind: 'order', text: '8891' }],
  ['8891', { kind: '', text: '8891' }],
])('the reference %s', (reference, read) => {
  expect(readReference(reference)).toEqual(read);
});

test('identifiers are shown with those that say most first, of one kind as they came', () => {
  const uris = ['cookie:a', 'tel:+2', 'weird', 'tel:+1', 'account:shop:1', 'mailto:a@b.example'];
  const sorted = ['account:shop:1', 'mailto:a@b.example', 'tel:+2', 'tel:+1', 'cookie:a', 'weird'];
  expect(strongestFirst(uris)).toEqual(sorted);
  expect(strongestFirst(uris.map((identifier) => ({ identifier })))).toEqual(
    sorted.map((identifier) => ({ identifier })),
  );
});

test('a customer is called by the name, else by an identifier people know, else not at all', () => {
  const identifiers = [{ identifier: 'tel:+8613800138000', kind: 'tel', shared: false }];
  expect(callName({ name: '李雷', identifiers })).toBe('李雷');
  expect(callName({ name: null, identifiers })).toBe('+86 138 0013 8000');
  expect(callName({ name: null, identifiers: ['cookie:x', 'mailto:a@b.example'] })).toBe('a@b.example');
  expect(callName({ name: null, identifiers: ['cookie:x', 'order:shop:8891'] })).toBeUndefined();
  expect(callName({ name: null, identifiers: [] })).toBeUndefined();
});
