import { describe, expect, it } from 'vitest';
import { errorAt, errorsOf, nobody, options } from './testing/order.ts';
import { catalogue } from './version-1.ts';

describe('a decision', () => {
  const customer = '4f1d0c9ab27e5a3311c0de44';
  const decide = (name: string, data: object) => ({
    ...nobody,
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
