import type { Generations } from '../generations.ts';
import type { Foldable } from '../projection.ts';
import type { Source } from '../projector.ts';

/**
 * A source that gives nothing of a log the read model is not folded from. It is looked at when a generation is opened, and of
 * a log that is empty then, when its first events come. Whatever is asked throws `read-model-of-other-log`.
 */
export class MarkedSource<Event extends Foldable> implements Source<Event> {
  readonly #source: Source<Event>;
  readonly #generations: Pick<Generations, 'noteLog'>;
  readonly #readModel: string;
  #isNoted = false;

  constructor(source: Source<Event>, generations: Pick<Generations, 'noteLog'>, readModel: string) {
    this.#source = source;
    this.#generations = generations;
    this.#readModel = readModel;
  }

  async head(): Promise<bigint> {
    await this.#note();
    return this.#source.head();
  }

  async count(range: { after: bigint; upTo: bigint }): Promise<number> {
    return this.#source.count(range);
  }

  async readSubject(subject: string, options: { from: number; limit: number }): Promise<readonly Event[]> {
    await this.#note();
    return this.#source.readSubject(subject, options);
  }

  async *subscribe(options: {
    after: bigint;
    maxBatchEvents: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly Event[]> {
    for await (const batch of this.#source.subscribe(options)) {
      if (!this.#isNoted) await this.#note();
      yield batch;
    }
  }

  async #note(): Promise<void> {
    if (this.#isNoted || this.#source.mark === undefined) return;
    const mark = await this.#source.mark();
    await this.#generations.noteLog(this.#readModel, mark);
    this.#isNoted = mark !== undefined;
  }
}
