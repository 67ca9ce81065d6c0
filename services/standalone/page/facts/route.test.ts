import { describe, expect, test } from 'vitest';

const { customerAddress, endOfDay, readRoute, searchAddress, timelineQuery } = await import(
  new URL('./route.js', import.meta.url).href
);

describe('addresses', () => {
  test.each(['', '#', '#/'])('%j is the start page', (hash) => {
    expect(readRoute(hash)).toEqual({ page: 'home' });
  });

  test.each(['李雷', 'a & b=c?', '100% #1', '+86 138'])(
    'a search for %j is found again in its address',
    (q) => {
      expect(readRoute(searchAddress(q))).toEqual({ page: 'search', q });
    },
  );

  test('a customer with a filter is found again in its address', () => {
    const filter = {
      type: 'touchline.order.placed.v1',
      channel: 'on-site',
      q: '退款 & Co',
      until: '2026-11-22',
    };
    expect(readRoute(customerAddress('ab12', filter))).toEqual({ page: 'customer', id: 'ab12', filter });
  });

  test('a customer without a filter has a short address', () => {
    expect(customerAddress('ab12')).toBe('#/customers/ab12');
  });

  test('parameters that nobody knows are left out of the filter', () => {
    expect(readRoute('#/customers/ab12?evil=1&type=').filter).toEqual({});
  });

  test.each(['#/nowhere', '#/customers/', '#/customers/a/b', '#x'])('%j is no page', (hash) => {
    expect(readRoute(hash)).toEqual({ page: 'unknown' });
  });

  test('an address that is badly encoded is read as it is', () => {
    expect(readRoute('#/customers/%zz').id).toBe('%zz');
  });
});

describe('the query of a timeline page', () => {
  test('holds the filter, the page and the cursor, and nothing that is not chosen', () => {
    const query = timelineQuery({ channel: 'web', q: '退款', entry: 'e1' }, { limit: 50, cursor: 'abc' });
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      limit: '50',
      channel: 'web',
      q: '退款',
      cursor: 'abc',
    });
  });

  test('asks for retracted entries when they are to be shown', () => {
    expect(timelineQuery({ retracted: '1' }, { limit: 1 })).toContain('include=retracted');
  });

  test('a day is included to its end, where the reader is', () => {
    expect(endOfDay('2026-11-22')).toBe(new Date(2026, 10, 23).toISOString());
    expect(timelineQuery({ until: '2026-12-31' }, { limit: 1 })).toContain(
      encodeURIComponent(new Date(2027, 0, 1).toISOString()),
    );
  });

  test.each([undefined, '', 'soon', '2026-1-1'])('%j is no day and does not filter', (day) => {
    expect(endOfDay(day)).toBeUndefined();
  });
});
