import { MessagingError } from '../errors.ts';

export interface Deadline {
  readonly withinMs: number;
  /** What is waited for, for the error. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for `work` no longer than the deadline or the signal allows. `work` itself goes on; how it ends is nobody's
 * business any more.
 */
export async function withDeadline<Result>(
  work: Promise<Result>,
  { withinMs, what, signal }: Deadline,
): Promise<Result> {
  const end = Promise.withResolvers<never>();
  const stop = (): void => end.reject(signal?.reason);
  const timer = setTimeout(() => end.reject(timedOut(what, withinMs)), withinMs);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    signal?.throwIfAborted();
    return await Promise.race([work, end.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}

function timedOut(what: string, withinMs: number): MessagingError {
  return new MessagingError('messaging-timeout', `${what} took longer than ${withinMs} ms`);
}
