import { join, resolve } from 'node:path';
import type { TokenStore } from './token-store.ts';

const SQLITE = 'sqlite:';

export interface TokenPlace {
  /** `sqlite:` for the data folder, `sqlite:<folder>` for another, or `postgres://...`. */
  readonly tokenStore: string;
  readonly dataFolder: string;
}

/**
 * The tokens of an installation. Nothing is opened, connected to or made before it is used; adapters are loaded where
 * they are needed.
 */
export async function openTokenStore({ tokenStore, dataFolder }: TokenPlace): Promise<TokenStore> {
  if (!tokenStore.startsWith(SQLITE)) {
    const { openPostgresTokenStore } = await import('./postgres/index.ts');
    return openPostgresTokenStore({ url: tokenStore });
  }
  const { openSqliteTokenStore } = await import('./sqlite/index.ts');
  const elsewhere = tokenStore.slice(SQLITE.length);
  const folder = elsewhere === '' ? dataFolder : elsewhere;
  return openSqliteTokenStore({ file: join(resolve(folder), 'tokens.sqlite') });
}
