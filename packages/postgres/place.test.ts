import { expect, test } from 'vitest';
import { Place } from './index.ts';

const invalid = (why: string): Error => new Error(why);

function placeOf(url: string): Place {
  return new Place(url, { kind: 'keys', invalid });
}

test.each([
  ['postgres://me:secret@db:5432/touchline', 'keys_touchline', 'db:5432/touchline'],
  ['postgres://me:secret@db/touchline?schema=shop_1', 'keys_shop_1', 'db/touchline'],
  ['postgresql:///touchline?host=/run/postgresql', 'keys_touchline', '/run/postgresql/touchline'],
  ['postgres:///touchline', 'keys_touchline', 'localhost/touchline'],
])('%s', (url, schema, name) => {
  expect(placeOf(url)).toMatchObject({ url, schema, name });
});

test.each([
  ['no address', 'it is no address of PostgreSQL'],
  ['postgres://db/a?schema=Shop', 'schema takes up to 31 small letters'],
  ['postgres://db/a?schema=1shop', 'schema takes up to 31 small letters'],
  ['postgres://db/a?schema=x%22%3BDROP', 'schema takes up to 31 small letters'],
  [`postgres://db/a?schema=${'a'.repeat(32)}`, 'schema takes up to 31 small letters'],
])('%s is refused', (url, why) => {
  expect(() => placeOf(url)).toThrow(why);
});
