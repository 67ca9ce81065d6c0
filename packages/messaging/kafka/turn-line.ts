import { MessagingError } from '../errors.ts';

/** Works off calls one after the other, in the order they came. */
export class TurnLine {
  readonly #maxWaiting: number;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting;
  }

  /** Runs `work` when every earlier one has ended, however it ended. Throws when too many wait already. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= this.#maxWaiting) return Promise.reject(overloaded(this.#waiting));
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Resolves when nothing is left. */
  async idle(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }
}

function overloaded(waiting: number): MessagingError {
  return new MessagingError('messaging-unavailable', `${waiting} calls wait for this topic already`);
}
