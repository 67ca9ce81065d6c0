import { describe, expect, test } from 'vitest';
import { bindMapping, type MappedEvent } from './bind-mapping.ts';
import type { LookupTable } from './compiled.ts';
import { type Mapping, mappingSchema } from './mapping.ts';

const EVENT = {
  id: '{no}',
  source: '/till',
  type: 'touchline.order.placed.v1',
  time: { column: 'at', format: 'yyyy-MM-dd', at: '12:00', zone: 'Asia/Shanghai' },
  department: 'sales',
};
const COLUMNS = ['no', 'at', 'who', 'value', 'flag'];
const PRODUCTS: LookupTable = {
  columns: ['sku', 'name'],
  find: (key) => (key === 'K1' ? ['K1', 'Kettle'] : undefined),
};

function bind(mapping: object, columns: readonly string[] = COLUMNS) {
  const parsed: Mapping = mappingSchema.parse(mapping);
  return bindMapping(parsed, columns, new Map([['products', PRODUCTS]]));
}

/** Data of an event made of lines of `no,at,who,value,flag`. */
function mapLines(mapping: object, ...lines: readonly string[]): MappedEvent {
  const result = bind(mapping);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.bound.map(lines.map((line, index) => ({ number: index + 2, values: line.split(',') })));
}

function dataOf(data: unknown, ...lines: readonly string[]): unknown {
  const result = mapLines({ event: { ...EVENT, data } }, ...lines);
  return result.ok ? result.event.data : result.reasons;
}

test('a line becomes a CloudEvent', () => {
  const mapping = {
    event: { ...EVENT, subject: 'account:shop:{who}', data: { channel: 'store', order: '{no}' } },
  };
  expect(mapLines(mapping, '7, 2026-11-22 ,42,,')).toEqual({
    ok: true,
    event: {
      specversion: '1.0',
      id: '7',
      source: '/till',
      type: 'touchline.order.placed.v1',
      time: '2026-11-22T12:00:00+08:00',
      department: 'sales',
      subject: 'account:shop:42',
      data: { channel: 'store', order: '7' },
    },
  });
});

test('what is empty is left out, whole objects too when nothing in them came from the line', () => {
  const mapping = {
    event: {
      ...EVENT,
      subject: 'account:shop:{who}',
      data: { price: { amount: '{value}', currency: 'CNY' }, list: ['{flag}'] },
    },
  };
  const result = mapLines(mapping, '7,2026-11-22,,,');
  expect(result).toMatchObject({ ok: true, event: { data: {} } });
  expect(result.ok && 'subject' in result.event).toBe(false);
});

test('an empty id or time rejects the line, every reason said', () => {
  expect(mapLines({ event: EVENT }, ',,1,2,3')).toEqual({
    ok: false,
    reasons: ['id is empty', 'time is empty'],
  });
  const reasons = ['column at: "yesterday" is not a time of the format yyyy-MM-dd'];
  expect(mapLines({ event: EVENT }, '7,yesterday,,,')).toEqual({ ok: false, reasons });
});

describe('instructions', () => {
  const line = '7,2026-11-22,K1,12.50,yes';

  test.each([
    [{ $decimal: '{value}' }, '12.50'],
    [{ $decimal: '{value}', scale: 1 }, '12.5'],
    [{ $decimal: '{value}', scale: 0, round: true }, '13'],
    [{ $number: '{value}' }, 12.5],
    [{ $integer: '{no}' }, 7],
    [{ $boolean: '{flag}' }, true],
    [{ $boolean: '{flag}', true: ['no'], false: ['YES'] }, false],
    [{ $case: '{flag}', of: { yes: 'inbound', no: 'outbound' } }, 'inbound'],
    [{ $case: '{who}', of: {}, otherwise: { $integer: '{no}' } }, 7],
    [{ $lookup: 'products', key: '{who}', value: '{sku}: {name}' }, 'K1: Kettle'],
    [{ $time: 'at', format: 'yyyy-MM-dd', at: '00:00', zone: 'UTC' }, '2026-11-22T00:00:00Z'],
    [{ $count: 'lines' }, 1],
    ['{{literal}}', '{literal}'],
    [3, 3],
    [null, null],
  ])('%j gives %j', (instruction, expected) =>
    expect(dataOf({ x: instruction }, line)).toEqual({ x: expected }),
  );

  test.each([
    [{ $decimal: '{value}', scale: 1 }, '12.55', '"12.55" is not a decimal number of at most 1 digits'],
    [{ $integer: '{value}' }, '12.55', '"12.55" is not a whole number'],
    [{ $number: '{value}' }, 'ten', '"ten" is not a number'],
    [{ $boolean: '{value}' }, 'maybe', '"maybe" is not one of true, yes, y, 1, false, no, n, 0'],
    [{ $case: '{value}', of: { a: 1, b: 2 } }, 'c', '"c" is none of a, b'],
  ])('%j rejects %s', (instruction, value, expected) => {
    expect(dataOf({ x: instruction }, `7,2026-11-22,1,${value},`)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  test('a lookup that finds nothing leaves the field out', () => {
    expect(
      dataOf({ x: { $lookup: 'products', key: '{who}', value: '{name}' } }, '7,2026-11-22,K9,,'),
    ).toEqual({});
  });

  test('the first alternative that is not empty counts', () => {
    const either = { $firstOf: [{ $integer: '{value}' }, 'account:shop:{who}'] };
    expect(dataOf({ x: either }, '7,2026-11-22,42,,')).toEqual({ x: 'account:shop:42' });
  });
});

describe('lines that belong together', () => {
  const grouped = {
    group: { by: ['no'] },
    event: {
      ...EVENT,
      data: {
        total: { $sum: '{value}', scale: 2 },
        lines: { $count: 'lines' },
        items: { $each: { sku: '{who}', amount: { $decimal: '{value}', scale: 2 } } },
      },
    },
  };

  test('become one touchpoint, summed exactly', () => {
    const result = mapLines(grouped, '7,2026-11-22,A,0.10,', '7,2026-11-22,B,0.20,', '7,2026-11-22,C,,');
    expect(result).toMatchObject({
      ok: true,
      event: {
        id: '7',
        data: {
          total: '0.30',
          lines: 3,
          items: [{ sku: 'A', amount: '0.10' }, { sku: 'B', amount: '0.20' }, { sku: 'C' }],
        },
      },
    });
  });

  test('must agree in what is used once, unless the first is to count', () => {
    const lines = ['7,2026-11-22,A,1,', '7,2026-11-23,B,2,'];
    const reasons = ['column at differs between line 2 and line 3 of one group'];
    expect(mapLines(grouped, ...lines)).toEqual({ ok: false, reasons });
    const first = { ...grouped, group: { by: ['no'], differing: 'first' } };
    expect(mapLines(first, ...lines)).toMatchObject({
      ok: true,
      event: { time: '2026-11-22T12:00:00+08:00' },
    });
  });

  test('name the line that is wrong', () => {
    const result = mapLines(grouped, '7,2026-11-22,A,1,', '7,2026-11-22,B,x,');
    expect(result).toMatchObject({
      ok: false,
      reasons: expect.arrayContaining([expect.stringMatching(/^line 3: .*"x"/)]),
    });
  });

  test('share the key made of several columns; an empty one belongs nowhere', () => {
    const result = bind({ ...grouped, group: { by: ['no', 'who'] } });
    const keyOf = 'bound' in result ? result.bound.groupKey : undefined;
    const key = (line: string) => keyOf?.({ number: 1, values: line.split(',') });
    expect(key('1,x,23')).not.toBe(key('12,x,3'));
    expect(key('1,x,')).toBe('');
  });
});

test('every problem of a mapping is named with its place', () => {
  const result = bind({
    group: { by: ['basket'] },
    event: {
      ...EVENT,
      id: '{nr}',
      time: { column: 'at', format: 'yyyy-MM-dd', zone: 'Mars/Olympus' },
      data: {
        a: '{open',
        'b/c': [{ $lookup: 'articles', key: '{who}', value: '{x}' }],
        d: { $decimel: '{value}' },
        e: { $decimal: '{value}', scale: 'two' },
        f: { $lookup: 'products', key: '{who}', value: '{price}' },
      },
    },
  });
  const problems =
    'problems' in result ? result.problems.map(({ pointer, detail }) => `${pointer}: ${detail}`) : [];
  expect(problems).toEqual([
    '/event/id: no column "nr"; there are no, at, who, value, flag',
    '/event/time/zone: "Mars/Olympus" is no time zone',
    '/event/data/a: has a single "{"; write "{{" for the brace itself',
    '/event/data/b~1c/0/$lookup: no lookup is named "articles"',
    expect.stringMatching(/^\/event\/data\/d\/\$decimel: is no instruction; known are \$integer, /),
    '/event/data/e/scale: Invalid input: expected number, received string',
    '/event/data/f/value: products has no column "price"',
    '/group/by/0: no column "basket"; there are no, at, who, value, flag',
  ]);
});

test('a date without a time of day must say which hour counts', () => {
  const result = bind({ event: { ...EVENT, time: { column: 'at', format: 'yyyy-MM-dd', zone: 'UTC' } } });
  expect(result).toEqual({
    problems: [{ pointer: '/event/time/at', detail: expect.stringContaining('which hour') }],
  });
});

test.each([
  ['rfc3339', '2026-11-22T09:30:00+08:00', '2026-11-22T09:30:00+08:00'],
  ['epoch-seconds', '1764000000', '2025-11-24T16:00:00Z'],
  ['epoch-milliseconds', '1764000000123', '2025-11-24T16:00:00.123Z'],
])('times of the format %s need no zone', (format, text, expected) => {
  const mapping = { event: { ...EVENT, time: { column: 'at', format } } };
  expect(mapLines(mapping, `7,${text},,,`)).toMatchObject({ ok: true, event: { time: expected } });
  expect(mapLines(mapping, '7,soon,,,')).toMatchObject({ ok: false });
});
