import { type EachOutcome, type Journal, recordEach } from '@touchline/journal';
import { type DeliveredBatch, type Message, type Messaging, MessagingError } from '@touchline/messaging';
import type { Logger } from '@touchline/service-kit';
import type { RelayLimits } from '../limits.ts';
import type { OutputMeasures } from '../output-measures.ts';
import { piecesOf } from '../pieces.ts';
import { type ExaminedEvent, type Examiner, examineBatch, rejectionOf } from './examine-batch.ts';
import { rejectedMessage, withoutValue } from './rejected-message.ts';
import { Rejection } from './rejection.ts';

export interface IntakeInputParts {
  readonly messaging: Pick<Messaging, 'publish'>;
  readonly journal: Pick<Journal, 'record'>;
  readonly examiner: Examiner;
  readonly rejectedTopic: string;
  readonly limits: RelayLimits;
  readonly measures: OutputMeasures;
  readonly logger: Logger;
}

/** Takes delivered messages in. Resolves when what is valid is durable in the log and what is not lies in the topic of rejects. */
export class IntakeInput {
  readonly #parts: IntakeInputParts;

  constructor(parts: IntakeInputParts) {
    this.#parts = parts;
  }

  /** Throws when log, keys or broker fail: the batch is to come again, and what was recorded is recognised. */
  async handle(batch: DeliveredBatch): Promise<void> {
    const { examiner, limits } = this.#parts;
    const { events, rejections } = examineBatch(batch.messages, examiner, limits);
    const rejected = new Map([...rejections].map(([message, all]) => [message, [...all]]));
    await this.#record(events, rejected, batch);
    await this.#reject(rejected, batch);
    this.#parts.measures.received.rejected += rejected.size;
  }

  async #record(
    events: readonly ExaminedEvent[],
    rejected: Map<number, Rejection[]>,
    batch: DeliveredBatch,
  ): Promise<void> {
    const { journal, limits } = this.#parts;
    for (let start = 0; start < events.length; start += limits.maxGroupTouchpoints) {
      batch.signal.throwIfAborted();
      const group = events.slice(start, start + limits.maxGroupTouchpoints);
      const outcomes = await recordEach(
        journal,
        group.map(({ touchpoint }) => touchpoint),
      );
      for (const [index, event] of group.entries()) this.#settle(event, outcomes[index], rejected);
      await batch.alive();
    }
  }

  #settle(
    { message, item }: ExaminedEvent,
    outcome: EachOutcome | undefined,
    rejected: Map<number, Rejection[]>,
  ): void {
    const { measures, logger } = this.#parts;
    if (outcome === undefined) throw new Error('The journal answered fewer outcomes than touchpoints.');
    if (outcome.ok) {
      measures.received[outcome.duplicate ? 'duplicate' : 'accepted'] += 1;
      return;
    }
    if (outcome.code === 'internal') logger.error({ err: outcome.cause }, 'touchpoint could not be recorded');
    const detail =
      outcome.code === 'internal' ? 'could not be recorded, which is a defect on our side' : REUSED;
    rejected.set(message, [...(rejected.get(message) ?? []), rejectionOf(outcome.code, item, detail)]);
  }

  async #reject(rejected: ReadonlyMap<number, readonly Rejection[]>, batch: DeliveredBatch): Promise<void> {
    const { measures, limits } = this.#parts;
    for (const piece of piecesOf(this.#rejects(rejected, batch), limits)) {
      batch.signal.throwIfAborted();
      await this.#publish(piece, batch.signal);
      measures.callbacks('rejected').onPublished(piece.length);
      await batch.alive();
    }
  }

  /** In the order of the messages. */
  #rejects(rejected: ReadonlyMap<number, readonly Rejection[]>, batch: DeliveredBatch): readonly Message[] {
    const { maxErrorsBytes } = this.#parts.limits;
    return batch.messages.flatMap((message, place) => {
      const rejection = together(rejected.get(place) ?? []);
      return rejection === undefined ? [] : [rejectedMessage({ message, rejection }, batch, maxErrorsBytes)];
    });
  }

  /** A message that only just fitted does not fit with its problem: it must not stop its partition. */
  async #publish(piece: readonly Message[], signal: AbortSignal): Promise<void> {
    const { messaging, rejectedTopic } = this.#parts;
    try {
      await messaging.publish(rejectedTopic, piece, { signal });
    } catch (failure) {
      const isTooLarge = failure instanceof MessagingError && failure.code === 'message-too-large';
      const [only] = piece;
      if (!isTooLarge || (piece.length === 1 && only?.value === null)) throw failure;
      if (piece.length > 1) for (const message of piece) await this.#publish([message], signal);
      else if (only !== undefined) await messaging.publish(rejectedTopic, [withoutValue(only)], { signal });
    }
  }
}

const REUSED = 'has a source and id that were recorded before with other content';

/** One message may hold several events: the first one wrong gives the code, the errors are those of all. */
function together(rejections: readonly Rejection[]): Rejection | undefined {
  const [first] = rejections;
  if (first === undefined || rejections.length === 1) return first;
  const detail = `${rejections.length} events of the batch are rejected; the others are recorded.`;
  return new Rejection(
    first.code,
    detail,
    rejections.flatMap(({ errors }) => errors),
  );
}
