import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { MessagingError } from '../errors.ts';
import { messagingError, protocolTypeOf } from './kafka-errors.ts';

const {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} = kafkajs;

const protocol = (type: string) =>
  new KafkaJSProtocolError({ name: 'x', type, code: 1, retriable: false } as never);

test.for<[string, unknown, string, boolean]>([
  ['a batch the topic does not take', protocol('MESSAGE_TOO_LARGE'), 'message-too-large', false],
  ['a topic that is not there', protocol('UNKNOWN_TOPIC_OR_PARTITION'), 'topic-missing', false],
  ['a topic that may not be used', protocol('TOPIC_AUTHORIZATION_FAILED'), 'messaging-refused', false],
  ['a wrong password', protocol('SASL_AUTHENTICATION_FAILED'), 'messaging-refused', false],
  ['a broker that was too slow', protocol('REQUEST_TIMED_OUT'), 'messaging-timeout', true],
  ['too few replicas', protocol('NOT_ENOUGH_REPLICAS'), 'messaging-unavailable', true],
  ['a way that is barred', new KafkaJSConnectionError('down'), 'messaging-unavailable', true],
  ['something never seen', new Error('?'), 'messaging-unavailable', true],
  ['something that is no error', 'oops', 'messaging-unavailable', true],
])('%s is told as %4$s', ([, failure, code, isRetryable]) => {
  expect(messagingError(failure, 'trying')).toMatchObject({ code, isRetryable, cause: failure });
});

test('the reason is found behind what the client wraps around it', () => {
  const reason = protocol('TOPIC_AUTHORIZATION_FAILED');
  const exceeded = new KafkaJSNumberOfRetriesExceeded(reason, { retryCount: 3, retryTime: 1 });
  const wrapped = Object.assign(new KafkaJSNonRetriableError(exceeded), { cause: reason });
  expect(messagingError(wrapped, 'trying')).toMatchObject({
    code: 'messaging-refused',
    message: 'trying failed (TOPIC_AUTHORIZATION_FAILED)',
  });
  expect(protocolTypeOf(wrapped)).toBe('TOPIC_AUTHORIZATION_FAILED');
});

test('an error of ours is left as it is', () => {
  const failure = new MessagingError('messaging-closed', 'closed');
  expect(messagingError(failure, 'trying')).toBe(failure);
});

test('what the client says is not repeated', () => {
  const failure = new KafkaJSNonRetriableError('value of Li Lei is odd');
  expect(messagingError(failure, 'trying').message).toBe('trying failed (KafkaJSNonRetriableError)');
});
