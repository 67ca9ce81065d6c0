import { setTimeout as delay } from 'node:timers/promises';
import { isBusy } from '@touchline/sqlite';
import { issueToken } from '../token.ts';
import type {
  CreatedToken,
  NewToken,
  Revocation,
  TokenRecord,
  TokenSet,
  TokenStore,
} from '../token-store.ts';
import { TokenStoreError } from '../token-store-error.ts';
import { tokenStoreErrorOf } from './sqlite-failure.ts';
import { openTokenFile } from './token-file.ts';
import { TokenTable } from './token-table.ts';

export interface SqliteTokenStoreOptions {
  /** Made, with its folder, when the first token is. */
  readonly file: string;
}

/** How long a call waits for another process that makes the file or writes to it. */
const BUSY_MS = 5_000;
const RETRY_MS = 10;

/** Nothing is opened before it is used. */
export function openSqliteTokenStore({ file }: SqliteTokenStoreOptions): TokenStore {
  return new SqliteTokenStore(file);
}

/**
 * Tokens in one file, which processes of one machine share. Statements run in the thread of the caller: reading takes
 * microseconds, and the durable commit of a few milliseconds comes so rarely that a thread for it would cost more.
 */
class SqliteTokenStore implements TokenStore {
  readonly #file: string;
  #table: TokenTable | undefined;
  #isClosed = false;

  constructor(file: string) {
    this.#file = file;
  }

  async create(wanted: NewToken): Promise<CreatedToken> {
    const issued = issueToken(wanted);
    await this.#use((table) => table.add(issued), { create: true });
    return { token: issued.token, record: issued.record };
  }

  async list({ limit, before }: Parameters<TokenStore['list']>[0]): Promise<readonly TokenRecord[]> {
    return (await this.#use((table) => table.list(limit, before))) ?? [];
  }

  revoke(id: string, by: Revocation): Promise<TokenRecord | undefined> {
    return this.#use((table) => table.revoke(id, by));
  }

  /** Revision 0 where no token was ever made. */
  async read(known?: number): Promise<TokenSet | undefined> {
    const answer = await this.#use((table) => ({ set: table.read(known) }));
    if (answer !== undefined) return answer.set;
    return known === 0 ? undefined : { revision: 0, tokens: [] };
  }

  async check(): Promise<void> {
    await this.read();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#table?.close();
    this.#table = undefined;
  }

  /** Answers nothing where there is no file. Waiting for another process is done here: SQLite would block the thread. */
  async #use<T>(work: (table: TokenTable) => T, { create = false } = {}): Promise<T | undefined> {
    for (const deadline = performance.now() + BUSY_MS; ; await delay(RETRY_MS)) {
      if (this.#isClosed) throw new TokenStoreError('token-store-closed', 'The token store is closed.');
      try {
        this.#table ??= this.#open(create);
        return this.#table && work(this.#table);
      } catch (failure) {
        if (!isBusy(failure) || performance.now() >= deadline) throw tokenStoreErrorOf(failure, this.#file);
      }
    }
  }

  #open(create: boolean): TokenTable | undefined {
    const db = openTokenFile(this.#file, { create });
    return db && new TokenTable(db);
  }
}
