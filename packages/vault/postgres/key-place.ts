import { Place, sessionSettings } from '@touchline/postgres';
import { VaultError } from '../vault-error.ts';

const LIMITS = { statementMs: 10_000, lockMs: 5_000, idleTransactionMs: 30_000 };

/**
 * Keys are looked up one by one in an index, and a plan that was made while the table was small must not go on reading all
 * of it when it is large.
 */
const BY_INDEX = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off', jit: 'off' };

/** Where the keys of one installation are. Its schema does not begin like those of read models: whoever drops these, to fold anew, must not meet the keys. */
export class KeyPlace extends Place {
  /** Throws `vault-invalid-argument`. `url` is what `TOUCHLINE_KEY_STORE` names. */
  constructor(url: string) {
    super(url, {
      kind: 'keys_of',
      invalid: (why) =>
        new VaultError('vault-invalid-argument', `TOUCHLINE_KEY_STORE cannot be used: ${why}.`),
    });
  }

  get settings(): string {
    return sessionSettings(this.schema, LIMITS, BY_INDEX);
  }
}
