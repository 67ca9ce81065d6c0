import { expect, test } from 'vitest';
import { failureWords } from './failure-words.ts';

test('what a foreign error quotes is not told', () => {
  let failure: unknown;
  try {
    JSON.parse('Zhang San, 13800138000');
  } catch (error) {
    failure = error;
  }
  expect(failureWords(failure)).toEqual({ code: 'internal', message: 'SyntaxError' });
  const ofNode = Object.assign(new RangeError('Zhang San'), { code: 'ERR_OUT_OF_RANGE' });
  expect(failureWords(ofNode)).toEqual({ code: 'ERR_OUT_OF_RANGE', message: 'RangeError ERR_OUT_OF_RANGE' });
  expect(failureWords('Zhang San')).toEqual({ code: 'internal', message: 'string' });
});

test('what we say ourselves is told', () => {
  const ours = Object.assign(new Error('the disk is full'), { code: 'read-store-full', isRetryable: true });
  expect(failureWords(ours)).toEqual({ code: 'read-store-full', message: 'the disk is full' });
});
