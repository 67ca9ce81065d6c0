import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpCustomerSource } from './http-customer-source.ts';
import type { CustomerSource } from './outgoing/customer-source.ts';

const TOKEN = 'test-token-0123456789';
const A = 'a'.repeat(24);
const request = () => ({ after: 7n, limit: 50, signal: new AbortController().signal });

let server: Server;
let source: CustomerSource;
let answer: readonly [status: number, body: string];
const asked: (string | undefined)[] = [];
beforeEach(async () => {
  asked.length = 0;
  server = createServer((incoming, response) => {
    asked.push(incoming.url, incoming.headers.authorization);
    response.statusCode = answer[0];
    response.end(answer[1]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  source = httpCustomerSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, TOKEN);
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

test('asks for changes after a position, and reads what comes next', async () => {
  const item = { customerid: A, subjects: [A], position: '9' };
  answer = [200, JSON.stringify({ items: [item], next: '9', through: '9', settled: '12', parked: 0 })];
  expect(await source.changes(request())).toEqual({
    items: [item],
    hasNext: true,
    through: 9n,
    settled: 12n,
    parked: 0,
  });
  expect(asked).toEqual(['/v1/customers/changes?after=7&limit=50', `Bearer ${TOKEN}`]);
});

test('knows the data subjects of a customer, and that nobody has an id', async () => {
  answer = [200, JSON.stringify({ identifiers: [{ subject: A, kind: 'account' }] })];
  expect(await source.subjectsOf(A)).toEqual([A]);
  expect(asked[0]).toBe(`/v1/customers/${A}/identity`);
  answer = [404, '{}'];
  expect(await source.subjectsOf(A)).toBeUndefined();
});

test.each([
  [503, '{}'],
  [401, '{}'],
  [200, '<html>'],
  [200, '{"items":[]}'],
])('takes %i %s for a service that is not there', async (status, body) => {
  answer = [status, body];
  await expect(source.changes(request())).rejects.toMatchObject({ code: 'unavailable' });
});

test('nobody there is the same; a signal ends the question with its own reason', async () => {
  await expect(httpCustomerSource('http://127.0.0.1:1', TOKEN).changes(request())).rejects.toMatchObject({
    code: 'unavailable',
  });
  const reason = new Error('enough');
  await expect(source.changes({ ...request(), signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
