import type { PartitionerArgs } from 'kafkajs';

const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;
const SHIFT = 24;
const WORD_BYTES = 4;
const NOT_NEGATIVE = 0x7fffffff;

/**
 * The partition every client of Kafka chooses for a key: murmur2, as the one in Java has it. kafkajs reckons the same with
 * integers of any size, at twenty times the cost.
 */
export function partitionOfKey({ message: { key }, partitionMetadata }: PartitionerArgs): number {
  const bytes = typeof key === 'string' ? Buffer.from(key) : (key ?? Buffer.alloc(0));
  return (murmur2(bytes) & NOT_NEGATIVE) % partitionMetadata.length;
}

function murmur2(bytes: Buffer): number {
  const rest = bytes.length % WORD_BYTES;
  const words = bytes.length - rest;
  let hash = SEED ^ bytes.length;
  for (let at = 0; at < words; at += WORD_BYTES) {
    let word = Math.imul(bytes.readInt32LE(at), FACTOR);
    word = Math.imul(word ^ (word >>> SHIFT), FACTOR);
    hash = Math.imul(hash, FACTOR) ^ word;
  }
  if (rest > 0) hash = Math.imul(hash ^ bytes.readUIntLE(words, rest), FACTOR);
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return hash ^ (hash >>> 15);
}
