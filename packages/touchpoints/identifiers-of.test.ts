import { expect, it } from 'vitest';
import { identifiersOf } from './identifiers-of.ts';
import type { Body, Touchpoint } from './touchpoint.ts';

const touchpoint = (data: Body, subject?: string, type = 'touchline.call.completed.v1'): Touchpoint => ({
  specversion: '1.0',
  id: '1',
  source: '/pbx',
  type,
  time: '2026-11-22T09:30:00Z',
  department: 'service',
  ...(subject === undefined ? {} : { subject }),
  data,
});
const urisOf = (...args: Parameters<typeof touchpoint>) =>
  identifiersOf(touchpoint(...args)).map(({ uri }) => uri);

it('puts the strongest kind first, whatever the order given', () => {
  const identifiers = ['cookie:1', 'device:1', 'wechat:a:1', 'tel:+861', 'mailto:a@b.cn', 'account:shop:1'];
  expect(urisOf({ customer: { identifiers } })).toEqual(identifiers.toReversed());
});

it('puts the subject first within its kind, then keeps the order given', () => {
  const identifiers = ['tel:1', 'account:crm:2', 'tel:2', 'account:shop:1'];
  expect(urisOf({ customer: { identifiers } }, 'tel:3')).toEqual([
    'account:crm:2',
    'account:shop:1',
    'tel:3',
    'tel:1',
    'tel:2',
  ]);
});

it('names each identifier once', () => {
  expect(urisOf({ customer: { identifiers: ['tel:1', 'tel:1', 'tel:2'] } }, 'tel:2')).toEqual([
    'tel:2',
    'tel:1',
  ]);
});

it('falls back to references only when there is no identifier', () => {
  const about = ['order:shop:1', 'order:shop:1', 'case:desk:2'];
  expect(identifiersOf(touchpoint({ about }))).toEqual([
    { uri: 'order:shop:1', kind: 'reference' },
    { uri: 'case:desk:2', kind: 'reference' },
  ]);
  expect(urisOf({ about }, 'cookie:1')).toEqual(['cookie:1']);
});

it('speaks of the parties when people decide, and of nobody else', () => {
  const parties = ['4f1d0c9ab27e5a3311c0de44', 'tel:1'];
  const about = ['order:shop:1'];
  expect(urisOf({ parties, about }, 'account:shop:1', 'touchline.party.merged.v1')).toEqual(
    parties.toReversed(),
  );
  expect(urisOf({ identifier: 'tel:1' }, 'tel:2', 'touchline.identifier.marked-shared.v1')).toEqual([
    'tel:1',
  ]);
  expect(urisOf({ parties }, 'tel:2')).toEqual(['tel:2']);
});

it('is empty when everything personal is gone', () => {
  expect(identifiersOf(touchpoint({}, undefined, 'touchline.party.merged.v1'))).toEqual([]);
  expect(identifiersOf(touchpoint({}))).toEqual([]);
});
