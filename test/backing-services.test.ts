import { afterEach, expect, test, vi } from 'vitest';
import { givenBy, openBackingService } from './support/backing-services.ts';

const fail = (reason: string) => () => Promise.reject(new Error(reason));
const engine = { name: 'engine', title: 'Engine' };

afterEach(() => vi.unstubAllEnvs());

test('the first way that leads to a component is taken, and no further one tried', async () => {
  const further = vi.fn(fail('not asked'));
  const ways = [fail('no Docker'), async () => 'ours', further];
  expect(await openBackingService({ ...engine, ways })).toBe('ours');
  expect(further).not.toHaveBeenCalled();
});

test('where no way leads there, every reason is told', async () => {
  vi.stubEnv('TOUCHLINE_TEST_REQUIRE', 'other,engineer');
  const ways = [fail('no Docker'), fail('no Java')];
  expect(await openBackingService({ ...engine, ways })).toEqual({
    missing: 'no Engine can be had here: no Docker; no Java',
  });
});

test('where no way leads there and the run requires it, that is a failure', async () => {
  vi.stubEnv('TOUCHLINE_TEST_REQUIRE', 'other,engine');
  await expect(openBackingService({ ...engine, ways: [fail('no Java')] })).rejects.toThrow('no Java');
});

test('an address comes from the environment, or the reason why not', () => {
  expect(() => givenBy('TOUCHLINE_TEST_ENGINE')).toThrow('TOUCHLINE_TEST_ENGINE is not set');
  vi.stubEnv('TOUCHLINE_TEST_ENGINE', 'here:1');
  expect(givenBy('TOUCHLINE_TEST_ENGINE')).toBe('here:1');
});
