import type { Message } from '@touchline/messaging';

/** Somebody's personal fields were made unreadable for ever: consumers are to forget them too. */
export interface Erasure {
  readonly position: bigint;
  readonly eventid: string;
  /** Data subjects whose keys were destroyed. */
  readonly subjects: readonly string[];
  /** Ids of customers, and of data subjects, which once named customers. */
  readonly customers: readonly string[];
}

const ERASED_TYPE = 'touchline.customer.erased.';

interface ErasedEvent {
  readonly position: bigint;
  readonly eventid: string;
  /** The data subject it is recorded under: its first party. */
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function isErasure(type: string): boolean {
  return type.startsWith(ERASED_TYPE);
}

/** One whose document is damaged still names whom it is recorded under. */
export function erasureOf({ position, eventid, subject, data }: ErasedEvent): Erasure {
  const [parties, subjects] = [texts(data.parties), texts(data.subjects)];
  const erased = subjects.length > 0 ? subjects : parties.length > 0 ? parties : [subject];
  return { position, eventid, subjects: erased, customers: [...new Set([...parties, ...erased])] };
}

/** A message without a value for each data subject: it ends what its key said before. */
export function erasureNotices(erasure: Erasure): readonly Message[] {
  return erasure.subjects.map((key) => notice(key, erasure));
}

/** A tombstone for each customer. */
export function customerTombstones(erasure: Erasure): readonly Message[] {
  return erasure.customers.map((key) => notice(key, erasure));
}

function notice(key: string, { position, eventid }: Erasure): Message {
  const headers = {
    'touchline-notice': 'customer-erased',
    'touchline-position': String(position),
    'touchline-eventid': eventid,
  };
  return { key, value: null, headers };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
