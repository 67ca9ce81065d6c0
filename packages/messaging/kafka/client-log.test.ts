import kafkajs, { type LogEntry } from 'kafkajs';
import { expect, test } from 'vitest';
import { clientLog } from './client-log.ts';

const { ERROR, WARN } = kafkajs.logLevel;

function remark(message: string, more: object = {}): LogEntry {
  return {
    namespace: 'Connection',
    level: ERROR,
    label: 'ERROR',
    log: { timestamp: '', logger: null, message, ...more },
  };
}

function heard(entries: readonly LogEntry[]): readonly object[] {
  const told: object[] = [];
  const tell = (fields: object, message: string) => void told.push({ ...fields, message });
  const log = clientLog({ warn: tell, error: tell })(WARN);
  for (const entry of entries) log(entry);
  return told;
}

test('what the client remarks is handed on, with the fields that are known to be harmless', () => {
  const entry = remark('Connection error', {
    broker: 'a:1',
    payload: 'Li Lei',
    stack: 'Li Lei',
    retryCount: 1,
  });
  expect(heard([entry])).toEqual([
    { client: 'Connection', said: 'Connection error', broker: 'a:1', retryCount: 1, message: 'kafka client' },
  ]);
});

test('a broker that is away is told of once, not at every attempt', () => {
  const away = remark('Connection error: connect ECONNREFUSED');
  expect(heard([away, away, remark('something else'), away])).toHaveLength(2);
});

test('without a logger nothing is said', () => {
  expect(() => clientLog(undefined)(WARN)(remark('anything'))).not.toThrow();
});
