import { isUtf8 } from 'node:buffer';
import { EventStoreError } from './errors.ts';
import type { Append, ExpectedRevision, NewEvent, Position } from './event-store.ts';

/** Limits of the port: the same for every adapter, so that a log can move from one to another. */
export const MAX_NAME_CHARACTERS = 256;
export const MAX_FINGERPRINT_CHARACTERS = 64;
export const MAX_DATA_CHARACTERS = 1_048_576;
export const MAX_PAGE_EVENTS = 10_000;
export const DEFAULT_PAGE_EVENTS = 1_000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Throws `event-store-invalid-argument` for an append that no adapter may accept. */
export function checkAppend(append: Append): void {
  checkText('stream', append.stream, MAX_NAME_CHARACTERS);
  checkExpected(append.expected);
  for (const event of append.events) checkEvent(event);
}

/** Answers the page size to use. */
export function checkLimit(limit: number = DEFAULT_PAGE_EVENTS): number {
  const isValid = Number.isInteger(limit) && limit >= 1 && limit <= MAX_PAGE_EVENTS;
  return isValid ? limit : refuse(`a page holds 1 to ${MAX_PAGE_EVENTS} events, not ${limit}`);
}

export function checkVersion(version: number): number {
  return Number.isSafeInteger(version) && version >= 0 ? version : refuse(`${version} is no stream version`);
}

export function checkPosition(position: Position): Position {
  return typeof position === 'bigint' && position >= 0n ? position : refuse(`${position} is no position`);
}

function checkEvent(event: NewEvent): void {
  if (!UUID.test(event.id)) refuse(`event id ${JSON.stringify(event.id)} is no lower-case UUID`);
  checkText('type', event.type, MAX_NAME_CHARACTERS);
  checkText('fingerprint', event.fingerprint, MAX_FINGERPRINT_CHARACTERS);
  if (typeof event.data === 'string') checkText('data', event.data, MAX_DATA_CHARACTERS);
  else checkBytes('data', event.data, MAX_DATA_CHARACTERS);
}

/** UTF-8 has no fewer bytes than characters: they are counted only where they may be too many. */
function checkBytes(name: string, bytes: Uint8Array, maxCharacters: number): void {
  const isValid = bytes instanceof Uint8Array && bytes.length > 0 && isUtf8(bytes);
  if (!isValid || bytes.length > maxCharacters) {
    checkText(name, isValid ? Buffer.from(bytes).toString() : '', maxCharacters);
  }
}

function checkText(name: string, text: string, maxCharacters: number): void {
  const isValid =
    typeof text === 'string' && text.length > 0 && text.length <= maxCharacters && text.isWellFormed();
  if (!isValid) refuse(`${name} must be well-formed text of 1 to ${maxCharacters} characters`);
}

function checkExpected(expected: ExpectedRevision = 'any'): void {
  if (typeof expected === 'number') checkVersion(expected);
  else if (expected !== 'any' && expected !== 'no-stream') refuse(`${expected} is no expected revision`);
}

function refuse(message: string): never {
  throw new EventStoreError('event-store-invalid-argument', message);
}
