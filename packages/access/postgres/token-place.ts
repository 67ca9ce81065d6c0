import { TokenStoreError } from '../token-store-error.ts';

const STATEMENT_MS = 2_000;
const LOCK_MS = 2_000;
/** A connection whose transaction stands still holds its locks. */
const IDLE_TRANSACTION_MS = 5_000;

/** Where the tokens of one installation are. */
export class TokenPlace {
  /** As `TOUCHLINE_TOKEN_STORE` names it; it may hold a password. */
  readonly url: string;
  /** Not beginning like those of read models: whoever drops these, to fold anew, must not meet the tokens. */
  readonly schema: string;
  /** Host, port and database: never who connects, nor with which password. */
  readonly name: string;

  /** Throws `token-store-invalid-address`. */
  constructor(url: string) {
    const parsed = URL.parse(url);
    if (!parsed) throw invalid('it is no address of PostgreSQL');
    const { host, pathname, searchParams } = parsed;
    const installation = searchParams.get('schema') ?? 'touchline';
    if (!/^[a-z][a-z0-9_]{0,30}$/.test(installation))
      throw invalid('schema takes up to 31 small letters, digits and _, a letter first');
    this.url = url;
    this.schema = `tokens_of_${installation}`;
    this.name = `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
  }

  /** Sent on each new connection: what a URL may set as well would go before. */
  get settings(): string {
    const settings = {
      application_name: this.schema,
      client_encoding: 'UTF8',
      search_path: this.schema,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
    };
    const sets = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);
    return [...sets, DURABLE].join('; ');
  }
}

/** What was revoked stays so. Where the server waits for standbys too, it goes on doing so. */
const DURABLE =
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

function invalid(why: string): TokenStoreError {
  return new TokenStoreError('token-store-invalid-address', `TOUCHLINE_TOKEN_STORE cannot be used: ${why}.`);
}
