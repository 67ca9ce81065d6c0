import { type IssuedToken, issueToken } from '../token.ts';
import type {
  CreatedToken,
  NewToken,
  Revocation,
  TokenRecord,
  TokenSet,
  TokenStore,
} from '../token-store.ts';
import { TokenConnections } from './token-connections.ts';
import { TokenPlace } from './token-place.ts';
import { prepareSchema } from './token-schema.ts';
import { addToken, listTokens, readTokens, revokeToken } from './token-statements.ts';

export interface PostgresTokenStoreOptions {
  /**
   * `postgres://user:password@host:port/database`, with the parameters that `pg` knows, `sslmode` among them, and `schema`:
   * the tokens are in `tokens_of_<schema>`. Default `touchline`; each installation in a database needs one of its own.
   */
  readonly url: string;
}

/** Connects, and makes its tables, when it is first used. Throws `TokenStoreError` `token-store-invalid-address`. */
export function openPostgresTokenStore({ url }: PostgresTokenStoreOptions): TokenStore {
  return new PostgresTokenStore(new TokenConnections(new TokenPlace(url)));
}

/** Tokens in a PostgreSQL database, 14 or newer, for processes on any number of machines. */
class PostgresTokenStore implements TokenStore {
  readonly #connections: TokenConnections;
  #prepared: Promise<void> | undefined;

  constructor(connections: TokenConnections) {
    this.#connections = connections;
  }

  async create(wanted: NewToken): Promise<CreatedToken> {
    const issued: IssuedToken = issueToken(wanted);
    const connections = await this.#ready();
    await connections.transaction((client) => addToken(client, issued));
    return { token: issued.token, record: issued.record };
  }

  async list({ limit, before }: Parameters<TokenStore['list']>[0]): Promise<readonly TokenRecord[]> {
    const connections = await this.#ready();
    return connections.repeat((client) => listTokens(client, limit, before));
  }

  async revoke(id: string, by: Revocation): Promise<TokenRecord | undefined> {
    const connections = await this.#ready();
    return connections.transaction((client) => revokeToken(client, id, by));
  }

  async read(known?: number): Promise<TokenSet | undefined> {
    const connections = await this.#ready();
    return connections.repeat((client) => readTokens(client, known));
  }

  async check(): Promise<void> {
    await this.read();
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #ready(): Promise<TokenConnections> {
    this.#prepared ??= prepareSchema(this.#connections).catch((failure: unknown) => {
      this.#prepared = undefined;
      throw failure;
    });
    await this.#prepared;
    return this.#connections;
  }
}
