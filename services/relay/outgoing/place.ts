import type { Checkpoints } from '@touchline/messaging/checkpoints';
import { RelayError } from '../relay-error.ts';

/** Where one output of the relay is. Whoever finds it moved by another one stops: two would publish. */
export class Place {
  readonly #checkpoints: Checkpoints;
  readonly #name: string;
  #at: bigint | undefined;

  private constructor(checkpoints: Checkpoints, name: string, at: bigint | undefined) {
    this.#checkpoints = checkpoints;
    this.#name = name;
    this.#at = at;
  }

  static async find(checkpoints: Checkpoints, name: string): Promise<Place> {
    return new Place(checkpoints, name, await checkpoints.position(name));
  }

  /** 0 before the first event. */
  get at(): bigint {
    return this.#at ?? 0n;
  }

  /** Durable when it resolves. Throws `RelayError` when another one has moved it. */
  async move(to: bigint): Promise<void> {
    if (to === this.#at) return;
    if (!(await this.#checkpoints.advance(this.#name, { from: this.#at, to })))
      throw new RelayError('checkpoint-moved', `another relay has moved the checkpoint of ${this.#name}`);
    this.#at = to;
  }
}
