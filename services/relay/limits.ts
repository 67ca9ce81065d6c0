/** Every bound of the relay. */
export interface RelayLimits {
  /** Events published before the checkpoint moves. One page is read ahead of the one being published. */
  readonly maxPageEvents: number;
  /** Of values in one page; it may hold one slice more. */
  readonly maxPageBytes: number;
  /** Events read from the log, and made messages, at once. */
  readonly maxSliceEvents: number;
  /** How long a page waits for its next slice. */
  readonly lingerMs: number;
  /** Handed to the broker in one call. */
  readonly maxPublishMessages: number;
  readonly maxPublishBytes: number;
  /** Customers asked for at once, about. */
  readonly maxCustomers: number;
  /** Erasures told with one page of customers. */
  readonly maxErasures: number;
  /** How often the read model is asked for changed customers while it has not folded what the log is known to hold. */
  readonly pollMs: number;
  /** How long it is not asked while the log stands still. */
  readonly maxRestMs: number;
  /** Before a failed call is tried again; doubled each time. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Touchpoints taken in that are handed to the journal at once. */
  readonly maxGroupTouchpoints: number;
  readonly maxTouchpointBytes: number;
  readonly maxBatchBytes: number;
  readonly maxBatchItems: number;
  /** Of the errors told in a header of a rejected message. */
  readonly maxErrorsBytes: number;
  readonly maxRepublicationsUnderWay: number;
  readonly maxRepublicationsKept: number;
}

/** What one touchpoint and one batch may hold is what the front door takes. */
export const DEFAULT_LIMITS: RelayLimits = {
  maxPageEvents: 1_000,
  maxPageBytes: 4 * 1024 * 1024,
  maxSliceEvents: 100,
  lingerMs: 5,
  maxPublishMessages: 1_000,
  maxPublishBytes: 768 * 1024,
  maxCustomers: 500,
  maxErasures: 500,
  pollMs: 500,
  maxRestMs: 5_000,
  firstRetryMs: 100,
  maxRetryMs: 5_000,
  maxGroupTouchpoints: 500,
  maxTouchpointBytes: 256 * 1024,
  maxBatchBytes: 16 * 1024 * 1024,
  maxBatchItems: 10_000,
  maxErrorsBytes: 8 * 1024,
  maxRepublicationsUnderWay: 2,
  maxRepublicationsKept: 100,
};
