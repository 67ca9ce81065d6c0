import { expect, test } from 'vitest';
import { EventStoreError } from '../errors.ts';
import { isNotLeader, isStreamNotFound, isWrongRevision, toEventStoreError } from './client-errors.ts';

const failure = (members: object) => Object.assign(new Error('details'), members);

test.each([
  ['unavailable', 'event-store-unavailable', true],
  ['timeout', 'event-store-unavailable', true],
  ['deadline-exceeded', 'event-store-unavailable', true],
  ['cancelled', 'event-store-unavailable', true],
  ['not-leader', 'event-store-unavailable', true],
  ['unknown', 'event-store-unavailable', true],
  ['access-denied', 'event-store-read-only', false],
  ['invalid-argument', 'event-store-invalid-argument', false],
  ['maximum-append-size-exceeded', 'event-store-invalid-argument', false],
  ['stream-deleted', 'event-store-corrupt', false],
  ['unsupported', 'event-store-foreign-file', false],
])("the client's %s is %s", (type, code, isRetryable) => {
  const error = failure({ type });
  expect(toEventStoreError(error)).toMatchObject({ code, isRetryable, cause: error });
});

test.each([
  [1, 'event-store-unavailable', true],
  [2, 'event-store-unavailable', true],
  [3, 'event-store-invalid-argument', false],
  [4, 'event-store-unavailable', true],
  [7, 'event-store-read-only', false],
  [8, 'event-store-overloaded', true],
  [10, 'event-store-unavailable', true],
  [12, 'event-store-foreign-file', false],
  [13, 'event-store-unavailable', true],
  [14, 'event-store-unavailable', true],
  [15, 'event-store-corrupt', false],
  [16, 'event-store-read-only', false],
])('gRPC code %i without a type is %s', (grpcCode, code, isRetryable) => {
  expect(toEventStoreError(failure({ code: grpcCode }))).toMatchObject({ code, isRetryable });
  // The client calls every code it has no type for unknown: the code says more.
  expect(toEventStoreError(failure({ type: 'unknown', code: grpcCode }))).toMatchObject({
    code,
    isRetryable,
  });
});

test('what is no error of the client may pass, and ours stays what it is', () => {
  expect(toEventStoreError(new Error('Failed to discover after 10 attempts.')).isRetryable).toBe(true);
  expect(toEventStoreError('details')).toMatchObject({ code: 'event-store-unavailable' });
  const ours = new EventStoreError('event-store-closed', 'closed');
  expect(toEventStoreError(ours)).toBe(ours);
});

test('what is no failure is told by its type', () => {
  expect(isStreamNotFound(failure({ type: 'stream-not-found' }))).toBe(true);
  expect(isWrongRevision(failure({ type: 'wrong-expected-version' }))).toBe(true);
  expect(isNotLeader(failure({ type: 'not-leader' }))).toBe(true);
  for (const is of [isStreamNotFound, isWrongRevision, isNotLeader]) expect(is(failure({}))).toBe(false);
});
