/** Milliseconds. */
export interface SessionLimits {
  readonly statementMs: number;
  readonly lockMs: number;
  /** A connection whose transaction stands still holds its locks. */
  readonly idleTransactionMs: number;
}

/** What was answered stays so. Where the server waits for standbys too, it goes on doing so. */
const DURABLE =
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/**
 * Statements for each new connection: in one schema, within limits, and with commits that are durable. What a URL may set as
 * well would go before them.
 */
export function sessionSettings(
  schema: string,
  { statementMs, lockMs, idleTransactionMs }: SessionLimits,
  more: Readonly<Record<string, string>> = {},
): string {
  const settings = {
    application_name: schema,
    client_encoding: 'UTF8',
    search_path: schema,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: idleTransactionMs,
    ...more,
  };
  const sets = Object.entries(settings).map(([name, value]) => `SET ${name} = ${value}`);
  return [...sets, DURABLE].join('; ');
}
