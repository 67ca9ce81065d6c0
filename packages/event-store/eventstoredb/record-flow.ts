import type { ServerFlow, ServerRecord } from './log-server.ts';

/**
 * Pulls records from a flow. The client reports what fails without ending its stream, and hands out what came before the
 * failure all the same; so does this.
 */
export class RecordFlow implements Disposable {
  readonly #flow: ServerFlow;
  #news = Promise.withResolvers<void>();
  #isConfirmed = false;
  #hasEnded = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(flow: ServerFlow) {
    this.#flow = flow;
    const { records } = flow;
    records.on('readable', () => this.#wake());
    records.on('confirmation', () => this.#confirm());
    records.on('end', () => this.#end());
    records.on('close', () => this.#end());
    records.on('error', (reason) => this.#fail(reason));
  }

  /** Resolves when the server has taken a subscription on. Throws as `next`. */
  async confirmed(signal: AbortSignal): Promise<void> {
    while (!this.#isConfirmed && this.#flow.records.readableLength === 0 && !this.#hasEnded) {
      signal.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure.reason;
      await this.#change(this.#news.promise, signal);
    }
  }

  /** What has come already, without waiting. */
  take(): ServerRecord | undefined {
    return (this.#flow.records.read() as ServerRecord | null) ?? undefined;
  }

  /** The next record, or nothing at the end. Throws what the flow fails with, or the reason of the signal. */
  async next(signal: AbortSignal): Promise<ServerRecord | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const news = this.#news;
      const record = this.take();
      if (record !== undefined) return record;
      if (this.#failure !== undefined) throw this.#failure.reason;
      if (this.#hasEnded) return undefined;
      await this.#change(news.promise, signal);
    }
  }

  /**
   * Not waited for: a flow that the client has not even begun, looking for a server, is stopped when it has. One that is over
   * is left alone: servers end a connection on which too much is reset.
   */
  [Symbol.dispose](): void {
    if (!this.#hasEnded && this.#failure === undefined) void this.#flow.stop().catch(() => {});
    this.#flow.records.destroy();
  }

  async #change(news: Promise<void>, signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      await news;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  #wake(): void {
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  #confirm(): void {
    this.#isConfirmed = true;
    this.#wake();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#wake();
  }

  #fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#wake();
  }
}
