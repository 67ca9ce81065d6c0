import { protocolTypeOf } from './kafka-errors.ts';

/** What a group answers a member whose partitions are being shared out anew, or have been already. */
const LOST = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'NOT_COORDINATOR_FOR_GROUP',
  'FENCED_INSTANCE_ID',
]);

/** The time in which the partitions a member was given are its own. */
export class Tenure {
  readonly #end = new AbortController();
  #lostBy: unknown;

  /** Aborted when it is over. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  get isOver(): boolean {
    return this.#end.signal.aborted;
  }

  /** What the group answered, if that is how it ended. */
  get lostBy(): unknown {
    return this.#lostBy;
  }

  end(reason: unknown): void {
    this.#end.abort(reason);
  }

  /** Ends it when the failure says that the group no longer counts on this member. */
  judge(failure: unknown): void {
    if (this.isOver || !LOST.has(protocolTypeOf(failure) ?? '')) return;
    this.#lostBy = failure;
    this.end(new Error('the group shares out its partitions anew'));
  }
}
