import { OwnStores, type PostgresForTests } from '../../../../test/support/postgres.ts';
import type { TokenStore } from '../../token-store.ts';
import { openPostgresTokenStore } from '../index.ts';

/** Room for the tokens of one test. */
export class TokenDatabase extends OwnStores<TokenStore> {
  constructor(postgres: PostgresForTests) {
    super(postgres, 'tokens');
  }

  open(url = this.url): TokenStore {
    return this.opened(openPostgresTokenStore({ url }));
  }
}
