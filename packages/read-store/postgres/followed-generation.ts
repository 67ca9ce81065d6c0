import { ReadStoreError } from '../errors.ts';
import type { Connection } from './connections.ts';
import { checkpointOf } from './generation-schema.ts';
import type { LivePointer } from './live-pointer.ts';

/** How long readers stay with the former generation while the promoted one is behind it. */
const CATCH_UP_MS = 1_000;

export interface Found {
  readonly number: number;
  readonly position: bigint;
  readonly loading: boolean;
}

/** The generation that one reader follows, and where it stands. */
export class FollowedGeneration {
  readonly #pointer: LivePointer;
  readonly #schemaOf: (generation: number) => string;
  #number: number | undefined;
  /** Promoted, and about to be followed. */
  #promised: { readonly number: number; readonly until: number } | undefined;

  constructor(pointer: LivePointer, schemaOf: (generation: number) => string) {
    this.#pointer = pointer;
    this.#schemaOf = schemaOf;
  }

  /** As it was when last looked at. */
  get number(): number | undefined {
    return this.#number;
  }

  /** Looks at the pointer and at the checkpoint, both as of one moment within a transaction that keeps a snapshot. */
  async find(connection: Connection): Promise<Found | undefined> {
    const known = this.#number;
    const pointed = this.#pointer.number(connection);
    const checkpoint = known === undefined ? undefined : this.#checkpoint(connection, known);
    // Who asked for nothing while several were promoted finds it gone. A transaction cannot go on after that: the next look
    // follows the live one.
    const former = checkpoint?.catch((failure) => {
      if (isAboutConnection(failure)) throw failure;
      if (this.#number === known) this.#number = undefined;
      return undefined;
    });
    former?.catch(() => {}); // awaited below; the pointer fails first, for the same reason
    const number = await pointed;
    if (number === undefined) return undefined;
    if (number === known) return checkpoint;
    const next = await this.#checkpoint(connection, number);
    const left = await former;
    // Of those that were asked for together, one was first to see the switch.
    if (this.#number === known && left !== undefined && this.#isToCatchUp(next, left)) return left;
    this.#number = number;
    this.#promised = undefined;
    return next;
  }

  /** A promoted generation may lack what was folded in its last moment: readers should not see the log go back. */
  #isToCatchUp(next: Found, former: Found): boolean {
    if (next.number < former.number || former.loading) return false;
    if (this.#promised?.number !== next.number)
      this.#promised = { number: next.number, until: performance.now() + CATCH_UP_MS };
    if (performance.now() > this.#promised.until) return false;
    return next.loading || next.position < former.position;
  }

  async #checkpoint(connection: Connection, number: number): Promise<Found> {
    const sql = `SELECT position::text, loading FROM ${checkpointOf(this.#schemaOf(number))} WHERE id = 1`;
    const { rows } = await connection.run(sql, [], { prepared: true });
    const [position = '0', loading = true] = rows[0] ?? [];
    return { number, position: BigInt(String(position)), loading: loading === true };
  }
}

function isAboutConnection(failure: unknown): boolean {
  return failure instanceof ReadStoreError && failure.isRetryable;
}
