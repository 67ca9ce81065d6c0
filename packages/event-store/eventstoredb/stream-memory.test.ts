import { expect, test } from 'vitest';
import { KnownStream } from './known-stream.ts';
import { StreamMemory } from './stream-memory.ts';

function streamOf(events: number, maxEvents = 100): KnownStream {
  const stream = new KnownStream(maxEvents);
  for (let version = 0; version < events; version += 1)
    stream.add(`id-${version}`, { position: BigInt(version), version, fingerprint: 'fp' });
  return stream;
}

test('a stream keeps its end, and as many of its last events as the limit says', () => {
  const stream = streamOf(25, 10);
  expect([stream.last, stream.size]).toEqual([24, 10]);
  expect([stream.find('id-14'), stream.find('id-15')?.version]).toEqual([undefined, 15]);
});

test('an id that is in a stream twice keeps its first place', () => {
  const stream = streamOf(3);
  stream.add('id-0', { position: 9n, version: 3, fingerprint: 'fp' });
  expect([stream.last, stream.find('id-0')?.version]).toEqual([3, 0]);
});

test('the stream that was not used for longest is forgotten first', () => {
  const memory = new StreamMemory(10);
  for (const name of ['a', 'b', 'c']) memory.keep(name, streamOf(3));
  memory.keep('a', streamOf(3));
  memory.keep('d', streamOf(3));
  expect(['a', 'b', 'c', 'd'].filter((name) => memory.recall(name) !== undefined)).toEqual(['a', 'c', 'd']);
  expect(memory.events).toBe(9);
});

test('streams without events need room too, and what is too large for it is not kept', () => {
  const memory = new StreamMemory(10);
  for (let stream = 0; stream < 50; stream += 1) memory.keep(`${stream}`, streamOf(0));
  expect(memory.events).toBe(10);
  memory.keep('large', streamOf(11));
  expect([memory.recall('large'), memory.events]).toEqual([undefined, 0]);
});
