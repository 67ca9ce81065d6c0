import { type KeyRing, keyIdOf, type SubjectKey, VaultError } from '@touchline/vault';
import type { Damage } from './damage.ts';

/** The keys of one page of sealed texts. */
export interface PageKeys {
  readonly found: ReadonlyMap<string, SubjectKey>;
  /** Keys that are neither there nor shredded. */
  readonly damaged: ReadonlyMap<string, Damage>;
}

const NO_KEYS: PageKeys = { found: new Map(), damaged: new Map() };

/** One call to the vault for a whole page, more only when keys are damaged: those must not cost the others theirs. */
export async function findPageKeys(keyRing: KeyRing, keyids: ReadonlySet<string>): Promise<PageKeys> {
  if (keyids.size === 0) return NO_KEYS;
  const wanted = new Set(keyids);
  const damaged = new Map<string, Damage>();
  while (true) {
    try {
      return { found: await keyRing.find([...wanted]), damaged };
    } catch (error) {
      const damage = damageOf(error);
      if (damage === undefined) throw error;
      for (const keyid of damage.keyids) {
        if (!wanted.delete(keyid)) throw error;
        damaged.set(keyid, damage.code);
      }
    }
  }
}

/** The key a sealed text names; nothing when it names none. */
export function namedKey(sealed: string): string | undefined {
  try {
    return keyIdOf(sealed);
  } catch {
    return undefined;
  }
}

function damageOf(error: unknown): { code: Damage; keyids: readonly string[] } | undefined {
  if (!(error instanceof VaultError) || error.keyids.length === 0) return undefined;
  const { code, keyids } = error;
  return code === 'key-unknown' || code === 'key-corrupt' ? { code, keyids } : undefined;
}
