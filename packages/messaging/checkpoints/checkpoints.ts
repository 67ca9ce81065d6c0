/**
 * How far something that acts on the log has got, and who may act: kept apart from the log and from what is acted on. The
 * port every adapter implements and the contract suite holds it to.
 */
export interface Checkpoints {
  /** Where `name` stands; `undefined` while it was never set. */
  position(name: string): Promise<bigint | undefined>;

  /**
   * Moves `name` from one position to another, backward too. Durable when it resolves to true. False when it does not stand
   * at `from`: somebody else has moved it.
   */
  advance(name: string, move: Move): Promise<boolean>;

  /**
   * Takes a lease for `forMs` milliseconds from now, or renews it when `holder` has it. False while another holder has it.
   * Time is that of the store, so processes need not agree on theirs.
   */
  take(lease: string, holder: string, forMs: number): Promise<boolean>;

  /** The next one may have it at once. Does nothing when `holder` does not have it. */
  giveUp(lease: string, holder: string): Promise<void>;

  /** Whether the store can be used. Throws `CheckpointsError`. */
  check(): Promise<void>;

  /** After calls under way. Later ones fail with `checkpoints-closed`. */
  close(): Promise<void>;
}

export interface Move {
  /** `undefined` where it was never set. */
  readonly from: bigint | undefined;
  readonly to: bigint;
}
