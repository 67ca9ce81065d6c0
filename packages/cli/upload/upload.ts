import type { Batch } from './batches.ts';
import type { Reject } from './entry.ts';
import type { Sender, SentEntries } from './send-batch.ts';

export interface UploadCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** A batch that is acknowledged, as are all before it. */
export interface Acknowledged extends UploadCounts {
  /** Items of the input, from its start, that are settled for good. */
  readonly items: number;
  readonly done: number;
  readonly rejects: readonly Reject[];
  readonly position: string | undefined;
}

export interface UploadOptions {
  /** Batches under way at once. */
  readonly concurrency: number;
  /** Stops taking new batches and repeating failed ones; those under way are still waited for. */
  readonly stop: AbortSignal;
}

/**
 * Sends batches, several at once, and answers them in the order of the input, so that what is settled is always a
 * beginning of it. Ends early, without an error, when it is told to stop.
 */
export async function* upload(
  batches: AsyncIterable<Batch>,
  send: Sender,
  { concurrency, stop }: UploadOptions,
): AsyncGenerator<Acknowledged> {
  const underWay: { batch: Batch; sent: Promise<SentEntries> }[] = [];
  const settle = async (): Promise<Acknowledged[]> => {
    const first = underWay.shift();
    return first === undefined ? [] : [acknowledge(first.batch, await first.sent)];
  };
  for await (const batch of batches) {
    const sent = send(batch.entries, stop);
    // A failure is reported when its turn comes; until then it must not count as unhandled.
    sent.catch(() => {});
    underWay.push({ batch, sent });
    if (underWay.length >= concurrency) yield* await settle();
    if (stop.aborted) break;
  }
  while (underWay.length > 0) yield* await settle();
}

function acknowledge(batch: Batch, sent: SentEntries): Acknowledged {
  const rejects = [...batch.flaws, ...sent.rejects].sort((a, b) => (a.lines[0] ?? 0) - (b.lines[0] ?? 0));
  return {
    items: batch.entries.length + batch.flaws.length,
    done: batch.done,
    accepted: sent.accepted,
    duplicates: sent.duplicates,
    rejected: rejects.length,
    rejects,
    position: sent.position,
  };
}
