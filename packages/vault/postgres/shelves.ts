import { hash } from 'node:crypto';
import { numberOfKeyId } from '../key-number.ts';

/**
 * Keys lie on shelves, which are partitions of one table: after a shred only the shelf it was on is written anew. Their
 * number is part of every key number and never changes.
 */
export const SHELVES = 32;

/** The same for the same data subject, for ever. */
export function shelfOf(subject: string): number {
  return hash('sha256', subject, 'buffer').readUInt8(0) % SHELVES;
}

export function shelfTable(shelf: number): string {
  return `keys_${shelf}`;
}

/** Key numbers tell their shelf, so that a key is found by its id alone. `serial` is never given twice. */
export function keyNumber(serial: number, shelf: number): number {
  return serial * SHELVES + shelf;
}

export interface KeyNumber {
  readonly shelf: number;
  readonly number: number;
}

/** Nothing for an id that this adapter never gives. */
export function keyNumberOf(id: string): KeyNumber | undefined {
  const number = numberOfKeyId(id);
  if (number === undefined || !Number.isSafeInteger(number)) return undefined;
  return { shelf: number % SHELVES, number };
}
