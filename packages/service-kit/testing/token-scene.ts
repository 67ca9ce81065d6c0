import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TokenStore, TokenStoreError } from '@touchline/access';
import { openSqliteTokenStore } from '@touchline/access/sqlite';
import { adminTokens } from '../access.ts';
import { StoredTokens } from '../stored-tokens.ts';
import { recordingLogger, TOKEN } from '../test-server.ts';
import { TokenRegister } from '../token-register.ts';

/** One installation's tokens on a real file, as several processes see them, with a clock and an outage of the test's. */
export class TokenScene {
  /** Milliseconds the clock is ahead. */
  aheadMs = 0;
  /** Nobody can read or write the tokens. */
  isAway = false;
  readonly clock = { now: () => Date.now() + this.aheadMs };
  readonly file: string;
  readonly #folder: string;
  readonly #registers: TokenRegister[] = [];
  readonly #log = recordingLogger();

  private constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'tokens.sqlite');
  }

  static async make(): Promise<TokenScene> {
    return new TokenScene(await mkdtemp(join(tmpdir(), 'touchline-register-')));
  }

  get log(): string {
    return this.#log.text();
  }

  /** As a process that starts. */
  async start(): Promise<{ readonly register: TokenRegister; readonly access: StoredTokens }> {
    const store = this.#mortal(openSqliteTokenStore({ file: this.file }));
    const register = new TokenRegister({ store, clock: this.clock, logger: this.#log.logger });
    this.#registers.push(register);
    await register.start();
    return { register, access: new StoredTokens({ admin: adminTokens(TOKEN), known: register.known }) };
  }

  async close(): Promise<void> {
    for (const register of this.#registers) await register.close();
    await rm(this.#folder, { recursive: true });
  }

  #mortal(store: TokenStore): TokenStore {
    const whileThere = <T>(work: () => Promise<T>): Promise<T> =>
      this.isAway
        ? Promise.reject(new TokenStoreError('token-store-unavailable', 'It is away for the test.'))
        : work();
    return {
      create: (wanted) => whileThere(() => store.create(wanted)),
      list: (page) => whileThere(() => store.list(page)),
      revoke: (id, by) => whileThere(() => store.revoke(id, by)),
      read: (known) => whileThere(() => store.read(known)),
      check: () => whileThere(() => store.check()),
      close: () => store.close(),
    };
  }
}
