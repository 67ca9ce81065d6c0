import { Place, sessionSettings } from '@touchline/postgres';
import { TokenStoreError } from '../token-store-error.ts';

const LIMITS = { statementMs: 2_000, lockMs: 2_000, idleTransactionMs: 5_000 };

/** Where the tokens of one installation are. Its schema does not begin like those of read models: whoever drops these, to fold anew, must not meet the tokens. */
export class TokenPlace extends Place {
  /** Throws `token-store-invalid-address`. `url` is what `TOUCHLINE_TOKEN_STORE` names. */
  constructor(url: string) {
    super(url, {
      kind: 'tokens_of',
      invalid: (why) =>
        new TokenStoreError('token-store-invalid-address', `TOUCHLINE_TOKEN_STORE cannot be used: ${why}.`),
    });
  }

  get settings(): string {
    return sessionSettings(this.schema, LIMITS);
  }
}
