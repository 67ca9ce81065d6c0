import { catalogue } from '@touchline/touchpoints';
import { expect, test } from 'vitest';

const { curlCommand, firstTouchpoint, withOffset } = await import(
  new URL('./first-touchpoint.js', import.meta.url).href
);

const NOW = new Date('2026-11-22T04:00:00Z');

test.each(['en', 'zh'])('the first touchpoint (%s) is one that the catalogue accepts', (language) => {
  const touchpoint = firstTouchpoint(withOffset(NOW), language);
  expect(catalogue.parse(touchpoint, { now: NOW.getTime() })).toMatchObject({ ok: true });
});

test('the command sends exactly that to the address the page came from', () => {
  const command: string = curlCommand('http://127.0.0.1:4000', '2026-11-22T12:00:00+08:00', 'zh');
  expect(command.split('\n')[0]).toBe('curl http://127.0.0.1:4000/v1/events \\');
  expect(command).toContain('"Authorization: Bearer $TOKEN"');
  const quoted = /-d '([^']*)'$/.exec(command)?.[1] ?? '';
  expect(JSON.parse(quoted)).toEqual(firstTouchpoint('2026-11-22T12:00:00+08:00', 'zh'));
});

test('the time in it is the present one, with an offset', () => {
  expect(Date.parse(withOffset(NOW))).toBe(NOW.getTime());
  expect(withOffset(NOW)).toMatch(/[+-]\d\d:\d\d$/);
});
