import { tellCohort } from './cohort.ts';
import type { SampleEvent } from './sample-event.ts';

/** What is held in memory, to be put in order of arrival: at most this many customers, and about as many events. */
const COHORT_CUSTOMERS = 500;
const COHORT_EVENTS = 100_000;
const MAX_EVENTS_PER_CUSTOMER = 10_000;
/** The end of the sample's world, so that the same options always give the same bytes. */
export const DEFAULT_UNTIL = '2026-11-01T00:00:00+08:00';

export interface SampleOptions {
  readonly customers: number;
  /** Different events; a few of them come twice, as from any real feed. */
  readonly events: number;
  /** Another seed is another company. Default 1. */
  readonly seed?: number | undefined;
  /** No event is later; RFC 3339. Default 1 November 2026. */
  readonly until?: string | undefined;
}

/**
 * A made-up company and its customers, as CloudEvents of the catalogue, in the order in which they reach the log.
 * The same options give the same events. Memory does not grow with the size: customers are told in cohorts.
 * Throws `RangeError` for options that make no sense.
 */
export function* generateSample(options: SampleOptions): Generator<SampleEvent> {
  const { customers, events, seed = 1, until = DEFAULT_UNTIL } = options;
  const untilMs = Date.parse(until);
  if (!Number.isSafeInteger(customers) || customers < 1)
    throw new RangeError('customers must be a whole number from 1');
  if (!Number.isSafeInteger(events) || events < 0)
    throw new RangeError('events must be a whole number from 0');
  if (Number.isNaN(untilMs)) throw new RangeError('until must be a time');
  if (events > customers * MAX_EVENTS_PER_CUSTOMER) {
    throw new RangeError(`events must be at most ${MAX_EVENTS_PER_CUSTOMER} for each customer`);
  }
  // Even, because neighbours in the list may share a telephone.
  const fitting = 2 * Math.floor((COHORT_EVENTS * customers) / Math.max(1, events) / 2);
  const step = Math.max(2, Math.min(COHORT_CUSTOMERS, fitting));
  let told = 0;
  for (let first = 0; first < customers; first += step) {
    const size = Math.min(step, customers - first);
    const share = Math.round((events * (first + size)) / customers) - told;
    told += share;
    yield* tellCohort({ first, size, events: share, seed, until: untilMs });
  }
}
