import type { Draft, Journal, Outcome } from '@touchline/journal';
import { eventIdOf, type ParsedTouchpoint, type Touchpoint } from '@touchline/touchpoints';

/** A failure of the log, as its adapters throw them. */
export class StoreFailure extends Error {
  readonly code: string;
  readonly isRetryable = true;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A journal for what real stores do only when they fail: it records in memory, as the script of the test allows. */
export class ScriptedJournal implements Pick<Journal, 'draft' | 'record' | 'head'> {
  /** Ids by the call they came with. */
  readonly calls: string[][] = [];
  readonly recorded = new Map<string, bigint>();
  /** Asked before each call; may throw, or wait. */
  before: (touchpoints: readonly (Touchpoint | Draft)[], call: number) => Promise<void> | void = () => {};

  draft({ touchpoint: { source, id } }: ParsedTouchpoint): Draft {
    return { source, id, eventid: eventIdOf(source, id) };
  }

  async record(touchpoints: readonly (Touchpoint | Draft)[]): Promise<readonly Outcome[]> {
    const call = this.calls.push(touchpoints.map(({ id }) => id));
    await this.before(touchpoints, call);
    return touchpoints.map((touchpoint) => {
      const eventid = eventIdOf(touchpoint.source, touchpoint.id);
      const known = this.recorded.get(eventid);
      const position = known ?? BigInt(this.recorded.size + 1);
      this.recorded.set(eventid, position);
      return { ok: true, eventid, position, duplicate: known !== undefined, subject: '0'.repeat(24) };
    });
  }

  head(): Promise<bigint> {
    return Promise.resolve(BigInt(this.recorded.size));
  }
}
