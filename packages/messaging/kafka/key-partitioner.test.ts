import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { partitionOfKey } from './key-partitioner.ts';

const theirs = kafkajs.Partitioners.DefaultPartitioner();

test('a key goes where every other client puts it', () => {
  const key = fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 100 }), (key, partitions) => {
      const choice = {
        topic: 'calls',
        partitionMetadata: metadata(partitions),
        message: { key, value: null },
      };
      expect(partitionOfKey(choice)).toBe(theirs(choice));
    }),
    { numRuns: 500 },
  );
});

function metadata(partitions: number) {
  return Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [0],
    isr: [0],
  }));
}
