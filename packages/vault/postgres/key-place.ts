import { VaultError } from '../vault-error.ts';

const STATEMENT_MS = 10_000;
const LOCK_MS = 5_000;
/** A connection whose transaction stands still holds its locks. */
const IDLE_TRANSACTION_MS = 30_000;

/** Where the keys of one installation are. */
export class KeyPlace {
  /** As `TOUCHLINE_KEY_STORE` names it; it may hold a password. */
  readonly url: string;
  /** Not beginning like those of read models: whoever drops these, to fold anew, must not meet the keys. */
  readonly schema: string;
  /** Host, port and database: never who connects, nor with which password. */
  readonly name: string;

  /** Throws `vault-invalid-argument`. */
  constructor(url: string) {
    const { host, pathname, searchParams } = parse(url);
    this.url = url;
    this.schema = `keys_of_${installationIn(searchParams)}`;
    this.name = `${host || (searchParams.get('host') ?? 'localhost')}${pathname}`;
  }

  /**
   * Sent on each new connection: what a URL may set as well would go before. Keys are looked up one by one in an index,
   * and a plan that was made while the table was small must not go on reading all of it when it is large.
   */
  get settings(): string {
    const settings = {
      application_name: this.schema,
      client_encoding: 'UTF8',
      search_path: this.schema,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
      enable_seqscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
      jit: 'off',
    };
    const sets = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);
    return [...sets, DURABLE].join('; ');
  }
}

/** A key is durable before it is used. Where the server waits for standbys too, it goes on doing so. */
const DURABLE =
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

function parse(url: string): URL {
  const parsed = URL.parse(url);
  if (parsed) return parsed;
  throw new VaultError('vault-invalid-argument', 'The address of the keys is not one of PostgreSQL.');
}

function installationIn(parameters: URLSearchParams): string {
  const schema = parameters.get('schema') ?? 'touchline';
  if (/^[a-z][a-z0-9_]{0,30}$/.test(schema)) return schema;
  throw new VaultError(
    'vault-invalid-argument',
    'The keys cannot be used: schema takes up to 31 small letters, digits and _, a letter first.',
  );
}
