import { Client } from 'pg';
import { type ConnectionAccess, LIMITS, settingsOf } from './connections.ts';
import { quote } from './names.ts';

/** How long nobody tries to listen again after it failed; meanwhile the position is looked at from time to time anyway. */
const AGAIN_MS = 1_000;

/** Hears of commits on a connection of its own, as long as somebody waits for one. Only for speed: a commit may pass unheard. */
export class CommitListener {
  readonly #options: ConnectionAccess;
  readonly #channel: string;
  readonly #onCommit: () => void;
  #client: Client | undefined;
  #begun: Promise<void> = Promise.resolve();
  #restAfter = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: ConnectionAccess, channel: string, onCommit: () => void) {
    this.#options = options;
    this.#channel = channel;
    this.#onCommit = onCommit;
  }

  /** Sees to it that it listens from now on or soon. */
  listen(): void {
    if (this.#isClosed || this.#client !== undefined) return;
    if (performance.now() < this.#restAfter + AGAIN_MS) return;
    const client = new Client({
      connectionString: this.#options.url,
      connectionTimeoutMillis: LIMITS.connectMs,
      keepAlive: true,
    });
    this.#client = client;
    client.on('notification', this.#onCommit);
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    this.#begun = this.#begin(client).catch(() => this.#lost(client));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const client = this.#client;
    this.#client = undefined;
    // One that is told to end while it connects does so only when its patience is over.
    await this.#begun;
    await client?.end().catch(() => {}); // gone is closed
  }

  async #begin(client: Client): Promise<void> {
    await client.connect();
    await client.query(`${settingsOf(this.#options)}; LISTEN ${quote(this.#channel)}`);
    this.#onCommit(); // what was committed before anybody listened
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#restAfter = performance.now();
    client.end().catch(() => {}); // gone is closed
    this.#onCommit();
  }
}
