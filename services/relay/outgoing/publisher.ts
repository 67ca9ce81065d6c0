import { setTimeout as delay } from 'node:timers/promises';
import { type Message, type Messaging, MessagingError } from '@touchline/messaging';
import type { RelayLimits } from '../limits.ts';
import { type PieceLimits, piecesOf } from '../pieces.ts';

type PublisherLimits = PieceLimits & Pick<RelayLimits, 'firstRetryMs' | 'maxRetryMs'>;

export interface PublisherParts {
  readonly messaging: Pick<Messaging, 'publish'>;
  readonly limits: PublisherLimits;
}

export interface Publication {
  readonly topic: string;
  readonly messages: readonly Message[];
  readonly signal: AbortSignal;
  /** Told of each failure, and when the call is made again. */
  readonly onFailure: (failure: unknown, retryMs: number) => void;
  readonly onPublished: (messages: number) => void;
}

/**
 * Publishes messages in the order given, in pieces, each acknowledged before the next is sent. A piece that fails is sent
 * again until it is acknowledged: nothing is skipped, however long it takes. Ends early only by `signal`, with its reason,
 * and when the connection is closed.
 */
export async function publishAll(
  { topic, messages, signal, onFailure, onPublished }: Publication,
  { messaging, limits }: PublisherParts,
): Promise<void> {
  for (const piece of piecesOf(messages, limits)) {
    let retryMs = limits.firstRetryMs;
    for (;;) {
      signal.throwIfAborted();
      try {
        await messaging.publish(topic, piece, { signal });
        break;
      } catch (failure) {
        signal.throwIfAborted();
        if (failure instanceof MessagingError && failure.code === 'messaging-closed') throw failure;
        onFailure(failure, retryMs);
        await delay(retryMs, undefined, { signal });
        retryMs = Math.min(retryMs * 2, limits.maxRetryMs);
      }
    }
    onPublished(piece.length);
  }
}
