import { KeyCreation } from '../key-creation.ts';
import type { KeyRing, SubjectKey } from '../key-ring.ts';
import { MASTER_KEY_BYTES } from '../key-wrap.ts';
import { RecencyCache } from '../recency-cache.ts';
import { VaultError } from '../vault-error.ts';
import { KeyConnections } from './key-connections.ts';
import { KeyPlace } from './key-place.ts';
import { prepareSchema } from './key-schema.ts';
import { openSecrets } from './secrets.ts';
import { Shredder } from './shredder.ts';
import { type Look, StoredKeys } from './stored-keys.ts';

const DEFAULT_MAX_CACHED_KEYS = 100_000;
/** A key may be shredded between its creation and our reading it; more often in a row is no accident. */
const MAX_ENSURE_ATTEMPTS = 5;

export interface PostgresKeyRingOptions {
  /**
   * `postgres://user:password@host:port/database`, with the parameters that `pg` knows, `sslmode` among them, and `schema`:
   * the keys are in `keys_of_<schema>`. Default `touchline`; each installation in a database needs one of its own.
   */
  readonly url: string;
  /** 32 bytes; see `loadMasterKey`. */
  readonly masterKey: Buffer;
  /** False: a database without keys is the error `vault-missing`. For when a log exists that needs them. Default true. */
  readonly create?: boolean;
  /** Unwrapped keys kept in memory, by use. */
  readonly maxCachedKeys?: number;
}

/**
 * Keys in a PostgreSQL database, 14 or newer, for processes on any number of machines. Each `ensure` and `find` is at least
 * one round trip, because it asks whether anything was shredded. Throws `VaultError`: `master-key-wrong`,
 * `vault-missing`, `vault-newer`, `vault-corrupt`, `vault-read-only`, `vault-busy`, `vault-unavailable`.
 */
export async function openPostgresKeyRing(options: PostgresKeyRingOptions): Promise<KeyRing> {
  const { url, masterKey, create = true } = options;
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new VaultError('vault-invalid-argument', `A master key has ${MASTER_KEY_BYTES} bytes.`);
  }
  const connections = new KeyConnections(new KeyPlace(url));
  try {
    await prepareSchema(connections, masterKey, create);
    const pepper = await openSecrets(connections, masterKey);
    return new PostgresKeyRing(connections, pepper, options);
  } catch (failure) {
    await connections.close();
    throw failure;
  }
}

class PostgresKeyRing implements KeyRing {
  readonly pepper: Buffer;
  readonly #connections: KeyConnections;
  readonly #stored: StoredKeys;
  readonly #shredder: Shredder;
  readonly #creation: KeyCreation;
  readonly #bySubject: RecencyCache<string, SubjectKey>;
  readonly #byId: RecencyCache<string, SubjectKey>;
  #mark = '';

  constructor(
    connections: KeyConnections,
    pepper: Buffer,
    { masterKey, maxCachedKeys = DEFAULT_MAX_CACHED_KEYS }: PostgresKeyRingOptions,
  ) {
    this.pepper = pepper;
    this.#connections = connections;
    this.#stored = new StoredKeys(connections, masterKey);
    this.#shredder = new Shredder(connections);
    this.#creation = new KeyCreation((subjects) => this.#stored.create(subjects));
    this.#bySubject = new RecencyCache(maxCachedKeys);
    this.#byId = new RecencyCache(maxCachedKeys);
  }

  async ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const named = [...new Set(subjects)];
    for (let attempt = 0; attempt < MAX_ENSURE_ATTEMPTS; attempt++) {
      const keys = await this.#collect(named, this.#bySubject, (some) => this.#stored.ofSubjects(some));
      const missing = named.filter((subject) => !keys.has(subject));
      if (missing.length === 0) return new Map(keys);
      // What was made is read back like any other key: another process may have made it, or shredded it again.
      await this.#creation.create(missing);
    }
    throw new VaultError('vault-busy', 'The keys were shredded as fast as they were created.');
  }

  async find(keyids: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    return this.#collect([...new Set(keyids)], this.#byId, (some) => this.#stored.withIds(some));
  }

  shred(subject: string): Promise<number> {
    return this.#shredder.shred(subject);
  }

  async close(): Promise<void> {
    await this.#connections.close();
    this.#bySubject.clear();
    this.#byId.clear();
  }

  /**
   * What is known of these names, from memory where that is still right. What is remembered was read under `#mark`, and an
   * answer with the same mark proves that nothing was shredded since.
   */
  async #collect(
    names: readonly string[],
    cache: RecencyCache<string, SubjectKey>,
    look: (names: readonly string[]) => Promise<Look>,
  ): Promise<ReadonlyMap<string, SubjectKey>> {
    const mark = this.#mark;
    const held = new Map<string, SubjectKey>();
    for (const name of names) {
      const key = cache.get(name);
      if (key) held.set(name, key);
    }
    const absent = names.filter((name) => !held.has(name));
    const answer = await look(absent);
    if (answer.mark === mark || held.size === 0) return this.#remember(answer, cache, held);
    return this.#remember(await look(names), cache, new Map());
  }

  #remember({ mark, keys }: Look, cache: RecencyCache<string, SubjectKey>, found: Map<string, SubjectKey>) {
    if (mark !== this.#mark) {
      this.#mark = mark;
      this.#bySubject.clear();
      this.#byId.clear();
    }
    for (const key of keys) {
      this.#bySubject.set(key.subject, key);
      this.#byId.set(key.id, key);
      found.set(cache === this.#byId ? key.id : key.subject, key);
    }
    return found;
  }
}
