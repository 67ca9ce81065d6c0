import { expect, test } from 'vitest';
import { compileTimeFormat } from './time-format.ts';

function read(format: string, text: string): string | undefined {
  const compiled = compileTimeFormat(format);
  if ('problem' in compiled) throw new Error(compiled.problem);
  const local = compiled.read(text);
  return local === undefined ? undefined : new Date(local).toISOString().slice(0, -1);
}

test.each([
  ['yyyy-MM-dd HH:mm:ss', '2017-01-28 19:06:53', '2017-01-28T19:06:53.000'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSS", '2017-01-28T19:06:53.042', '2017-01-28T19:06:53.042'],
  ['yyyy-MM-ddTHH:mm', '2017-01-28T19:06', '2017-01-28T19:06:00.000'],
  ['d/M/yyyy h:mm a', '3/11/2026 12:05 AM', '2026-11-03T00:05:00.000'],
  ['d/M/yyyy h:mm a', '3/11/2026 12:05 pm', '2026-11-03T12:05:00.000'],
  ['dd.MM.yyyy', ' 29.02.2024 ', '2024-02-29T00:00:00.000'],
  ["yyyy'年'M'月'd'日'", '2026年11月3日', '2026-11-03T00:00:00.000'],
])('%s reads %s', (format, text, expected) => expect(read(format, text)).toBe(expected));

test.each([
  ['yyyy-MM-dd', '2023-02-29'],
  ['yyyy-MM-dd', '2023-13-01'],
  ['yyyy-MM-dd', '2023-1-1'],
  ['yyyy-MM-dd', '2023-01-01 10:00'],
  ['yyyy-MM-dd HH:mm', '2023-01-01 24:00'],
  ['yyyy-MM-dd h:mm a', '2023-01-01 13:00 PM'],
  ['dd.MM.yyyy', '01-02-2023'],
])('%s does not read %s', (format, text) => expect(read(format, text)).toBeUndefined());

test.each([
  ['yyyy-MM', 'does not say where the day is'],
  ['yyyy-MM-dd hh:mm', 'needs both "h" and "a"'],
  ['yyyy-MM-dd-dd', 'names the day twice'],
  ['YYYY-MM-dd', 'unknown part "YYYY"'],
])('the format %s is refused', (format, expected) => {
  expect(compileTimeFormat(format)).toEqual({ problem: expect.stringContaining(expected) });
});
