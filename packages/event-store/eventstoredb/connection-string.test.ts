import { describe, expect, test } from 'vitest';
import { EventStoreError } from '../errors.ts';
import { parseConnectionString } from './connection-string.ts';

describe('an address', () => {
  test('names one node, at the usual port unless it says another', () => {
    expect(parseConnectionString('esdb://one.example')).toEqual({
      hosts: [{ address: 'one.example', port: 2113 }],
      isDiscovered: false,
      isInsecure: false,
      settings: {},
      files: {},
    });
    expect(parseConnectionString('esdb://127.0.0.1:4444/').hosts).toEqual([
      { address: '127.0.0.1', port: 4444 },
    ]);
    expect(parseConnectionString('esdb://[::1]:4444').hosts).toEqual([{ address: '[::1]', port: 4444 }]);
  });

  test('names the nodes of a cluster, or the name they share', () => {
    expect(parseConnectionString('kurrentdb://one:1,two:2').hosts).toHaveLength(2);
    expect(parseConnectionString('kurrentdb+discover://cluster.example').isDiscovered).toBe(true);
    expect(parseConnectionString('esdb+discover://cluster.example').isDiscovered).toBe(true);
    expect(parseConnectionString('kurrent://one').isDiscovered).toBe(false);
  });

  test('carries credentials, percent-encoded, and settings as the client writes them or others do', () => {
    const given =
      'esdb://admin:p%40ss%3Aw%3F@one?tls=false&KeepAliveInterval=20000&tls-ca-file=/etc/ca.pem&connection_name=a';
    expect(parseConnectionString(given)).toMatchObject({
      credentials: { username: 'admin', password: 'p@ss:w?' },
      isInsecure: true,
      settings: { keepAliveInterval: 20_000, connectionName: 'a' },
      files: { tlsCAFile: '/etc/ca.pem' },
    });
  });
});

test.each([
  ['http://admin:s3cret@one'],
  ['esdb://'],
  ['esdb://admin:s3cret@'],
  ['esdb://admin:s3cret@one:port'],
  ['esdb://admin:s3cret@one:1:2'],
  ['esdb://admin:s3c:ret@one'],
  ['esdb://admin:s3c@ret@one'],
  ['esdb://admin:s3c?ret@one'],
  ['esdb://admin:s3c%ret@one'],
  ['esdb://s3cret@one'],
  ['esdb://admin:s3cret@one?s3cret=1'],
  ['esdb://admin:s3cret@one?tls=s3cret'],
  ['esdb://admin:s3cret@one?tls=true?keepAliveInterval=1'],
  ['esdb://admin:s3cret@one?keepAliveInterval=s3cret'],
  ['esdb://admin:s3cret@one?nodePreference=follower'],
  ['esdb://admin:s3cret@one?tlsVerifyCert=false'],
  ['esdb://admin:s3cret@one?userCertFile=s3cret'],
])('%s is refused, and nothing of it is repeated', (address) => {
  let refusal: unknown;
  try {
    parseConnectionString(address);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(EventStoreError);
  expect(refusal).toMatchObject({
    code: 'event-store-invalid-argument',
    isRetryable: false,
  });
  expect(refusal).not.toHaveProperty('cause');
  expect((refusal as Error).message).toMatch(/^the address of the event store /);
  expect((refusal as Error).message).not.toMatch(/s3c|ret@|admin/);
});
