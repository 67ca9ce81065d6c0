/** Every bound of the front door. */
export interface IntakeLimits {
  /** One event: a body of its own, a line, or an item of a batch. */
  readonly maxTouchpointBytes: number;
  readonly maxBatchBytes: number;
  readonly maxBatchItems: number;
  /** Events of an upload that are handed to the journal at once. */
  readonly maxGroupTouchpoints: number;
  readonly maxGroupBytes: number;
  /** Groups of one upload that may be under way; reading pauses meanwhile. */
  readonly maxGroupsUnderWay: number;
  /** Single events waiting to be recorded; more are answered 429. */
  readonly maxWaiting: number;
  /** Calls of the journal for single events that may be under way: enough for each commit of the log to find the next ones waiting. */
  readonly maxCallsUnderWay: number;
  /** Rejections that are listed; all are counted. */
  readonly maxRejections: number;
  /** Errors listed for one rejection of an upload. */
  readonly maxErrorsPerRejection: number;
}

export const DEFAULT_LIMITS: IntakeLimits = {
  maxTouchpointBytes: 256 * 1024,
  maxBatchBytes: 16 * 1024 * 1024,
  maxBatchItems: 10_000,
  maxGroupTouchpoints: 500,
  maxGroupBytes: 1024 * 1024,
  maxGroupsUnderWay: 3,
  maxWaiting: 10_000,
  maxCallsUnderWay: 4,
  maxRejections: 1_000,
  maxErrorsPerRejection: 10,
};
