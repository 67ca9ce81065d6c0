import { expect, test } from 'vitest';
import { MessagingError } from '../errors.ts';
import { parseKafkaUrl } from './connection-string.ts';

const plain = { isTls: false, compression: 'none' };

test.for<[string, object]>([
  ['kafka://localhost', { brokers: ['localhost:9092'], ...plain }],
  ['kafka://a:1,b,[::1]:3,[::1]/', { brokers: ['a:1', 'b:9092', '[::1]:3', '[::1]:9092'], ...plain }],
  ['kafka://a:1?tls=on&compression=gzip', { brokers: ['a:1'], isTls: true, compression: 'gzip' }],
  [
    'kafka://me:p%40ss:word%2F@a:1,b:2',
    {
      brokers: ['a:1', 'b:2'],
      isTls: true,
      compression: 'none',
      sasl: { mechanism: 'scram-sha-512', username: 'me', password: 'p@ss:word/' },
    },
  ],
  [
    'kafka://me:secret@a:1?tls=off&sasl=plain',
    { brokers: ['a:1'], ...plain, sasl: { mechanism: 'plain', username: 'me', password: 'secret' } },
  ],
])('%s is understood', ([url, address]) => expect(parseKafkaUrl(url)).toEqual(address));

test.for([
  '',
  'localhost:9092',
  'http://localhost:9092',
  'kafka://',
  'kafka://:9092',
  'kafka://a:1,',
  'kafka://a:123456',
  'kafka://a b:1',
  'kafka://a:1/topic',
  'kafka://a:1?tls=yes',
  'kafka://a:1?ssl=on',
  'kafka://a:1?sasl=plain',
  'kafka://hunter2@a:1',
  'kafka://me:@a:1',
  'kafka://:hunter2@a:1',
  'kafka://me:hunter2%zz@a:1',
  'kafka://me:hunter2@a:1?tls=hunter2',
  'kafka://me:hunter2@a:1@b:2',
])('"%s" is refused, and what is secret in it is not repeated', (url) => {
  const refusal = refusalOf(url);
  expect(refusal).toMatchObject({ code: 'messaging-refused', isRetryable: false });
  expect(`${refusal?.message} ${refusal?.cause}`).not.toContain('hunter2');
});

function refusalOf(url: string): MessagingError | undefined {
  try {
    parseKafkaUrl(url);
    return undefined;
  } catch (failure) {
    if (failure instanceof MessagingError) return failure;
    throw failure;
  }
}
