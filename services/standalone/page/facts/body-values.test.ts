import { expect, test } from 'vitest';

const { ownFields, readValue } = await import(new URL('./body-values.js', import.meta.url).href);

test.each([
  ['amount', { amount: '420.00', currency: 'CNY' }, { kind: 'text', text: '420.00 CNY' }],
  ['durationSeconds', 200, { kind: 'text', text: '3 分 20 秒' }],
  ['percent', 15, { kind: 'text', text: '15 %' }],
  ['nps', 7, { kind: 'text', text: '7' }],
  ['isSigned', false, { kind: 'flag', value: false }],
  ['dueAt', '2026-11-20T18:00:00+08:00', { kind: 'time', time: '2026-11-20T18:00:00+08:00' }],
  ['dueOn', '2026-11-20', { kind: 'text', text: '2026-11-20' }],
  ['text', '2026-11-20Tsoon', { kind: 'text', text: '2026-11-20Tsoon' }],
  ['channels', ['web', 'app'], { kind: 'list', values: ['web', 'app'] }],
  ['sentiment', { value: 1 }, { kind: 'record', fields: [['value', 1]] }],
])('the field %s with %j', (field, value, read) => {
  expect(readValue(field, value, 'zh')).toEqual(read);
});

test('lines of an order make a table with every column that occurs', () => {
  const rows = [
    { sku: 'A', quantity: 1 },
    { sku: 'B', amount: { amount: '1.00', currency: 'CNY' } },
  ];
  expect(readValue('items', rows, 'en')).toEqual({
    kind: 'table',
    columns: ['sku', 'quantity', 'amount'],
    rows,
  });
});

test('lines with more inside are a list', () => {
  expect(readValue('attachments', [{ name: 'a', parts: [1] }], 'en').kind).toBe('list');
});

test('what the entry shows itself is not shown once more with its body', () => {
  expect(ownFields({ description: 'd', agent: {}, order: '8891', gone: null })).toEqual([['order', '8891']]);
});
