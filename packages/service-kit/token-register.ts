import { setTimeout as delay } from 'node:timers/promises';
import {
  type CreatedToken,
  type Role,
  scopesOf,
  type TokenRecord,
  type TokenStore,
  TokenStoreError,
} from '@touchline/access';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { KnownTokens } from './known-tokens.ts';

/**
 * How often the store is asked for changes. So a token works, or stops working, at every service within this and the time
 * that one reading takes; where it was made or revoked, at once.
 */
export const TOKEN_NOTICE_MS = 1_000;

export interface TokenRegisterOptions {
  readonly store: TokenStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The tokens that people make: what changes in the store is followed in memory, where every request looks. */
export class TokenRegister {
  readonly known: KnownTokens;
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stop = new AbortController();
  /** One reading at a time, or an older answer could replace a newer one. */
  #reading: Promise<void> = Promise.resolve();
  #following: Promise<void> = Promise.resolve();
  #isMissing = false;

  constructor({ store, clock, logger }: TokenRegisterOptions) {
    this.known = new KnownTokens(clock);
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * Reads the tokens and follows them until it is closed. Where the store is away it goes on without: they are known when it
   * is back. Throws `TokenStoreError` for what does not pass by itself.
   */
  async start(): Promise<void> {
    await this.#read().catch((failure: unknown) => {
      if (!(failure instanceof TokenStoreError) || !failure.isRetryable) throw failure;
    });
    this.#following = this.#follow();
  }

  /** Makes a token, which works here when it is answered. Throws `TokenStoreError`. */
  async create(
    wanted: { readonly name: string; readonly role: Role; readonly expiresAt?: number | undefined },
    createdBy: string,
  ): Promise<CreatedToken> {
    const scopes = scopesOf(wanted.role);
    const made = await this.#store.create({ ...wanted, scopes, createdAt: this.#clock.now(), createdBy });
    await this.#read().catch(() => {}); // made it is; the next reading knows it
    return made;
  }

  /** As the store does. */
  list(page: Parameters<TokenStore['list']>[0]): Promise<readonly TokenRecord[]> {
    return this.#store.list(page);
  }

  /** Ends a token, which stops working here when it is answered. Nothing when there is no such token. */
  async revoke(id: string, by: string): Promise<TokenRecord | undefined> {
    const revoked = await this.#store.revoke(id, { at: this.#clock.now(), by });
    await this.#read().catch(() => {}); // revoked it is; the next reading knows it
    return revoked;
  }

  /** Throws while tokens do not count, because the store could not be read for too long. */
  check(): void {
    if (this.known.areCurrent) return;
    throw new TokenStoreError('token-store-unavailable', 'The tokens could not be read for too long.');
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.#store.close();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(TOKEN_NOTICE_MS, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.#read().catch(() => {}); // told in the log
    }
  }

  #read(): Promise<void> {
    this.#reading = this.#reading.catch(() => {}).then(() => this.#readNow());
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    try {
      this.known.learn(await this.#store.read(this.known.storeRevision));
      if (this.#isMissing) this.#logger.info('tokens are read again');
      this.#isMissing = false;
    } catch (err) {
      this.known.missed();
      if (!this.#isMissing)
        this.#logger.warn({ err }, 'tokens cannot be read; those known count for a while');
      this.#isMissing = true;
      throw err;
    }
  }
}
