import type { Database } from 'better-sqlite3';
import { KeyCreation } from '../key-creation.ts';
import type { KeyRing, SubjectKey } from '../key-ring.ts';
import { MASTER_KEY_BYTES } from '../key-wrap.ts';
import { RecencyCache } from '../recency-cache.ts';
import { VaultError } from '../vault-error.ts';
import { emptyWriteAheadLog } from './key-database.ts';
import { openKeyFile } from './key-file.ts';
import { openSecrets } from './secrets.ts';
import { vaultErrorOf } from './sqlite-failure.ts';
import { StoredKeys } from './stored-keys.ts';
import { WriterThread } from './writer-thread.ts';

/** For sealing and for opening apart. A key that is forgotten is read from the file again. */
const DEFAULT_MAX_CACHED_KEYS = 50_000;
/** A key may be shredded between its creation and our reading it; more often in a row is no accident. */
const MAX_ENSURE_ATTEMPTS = 5;

export interface SqliteKeyRingOptions {
  /** Created, with its folder, when missing. Backed up apart from the log. */
  readonly file: string;
  /** 32 bytes; see `loadMasterKey`. */
  readonly masterKey: Buffer;
  /** False: a missing file is the error `vault-missing`. For when a log exists that needs its keys. Default true. */
  readonly create?: boolean;
  /** Unwrapped keys kept in memory, by use: so many for sealing, and so many for opening. */
  readonly maxCachedKeys?: number;
}

/**
 * Keys in a SQLite file of their own. Several processes may share the file. Throws `VaultError`: `master-key-wrong`,
 * `vault-missing`, `vault-newer`, `vault-corrupt`, `vault-read-only`, `vault-full`, `vault-busy`, `vault-unavailable`.
 */
export async function openSqliteKeyRing(options: SqliteKeyRingOptions): Promise<KeyRing> {
  const { file, masterKey } = options;
  if (masterKey.length !== MASTER_KEY_BYTES) {
    throw new VaultError('vault-invalid-argument', `A master key has ${MASTER_KEY_BYTES} bytes.`);
  }
  const database = await openKeyFile(file, masterKey, options.create ?? true);
  try {
    const pepper = openSecrets(database, masterKey);
    // A process that died while shredding left the old bytes in the write-ahead log.
    emptyWriteAheadLog(database);
    return new SqliteKeyRing(database, pepper, options);
  } catch (error) {
    database.close();
    throw vaultErrorOf(error);
  }
}

class SqliteKeyRing implements KeyRing {
  readonly pepper: Buffer;
  readonly #database: Database;
  readonly #stored: StoredKeys;
  readonly #writer: WriterThread;
  readonly #creation: KeyCreation;
  readonly #bySubject: RecencyCache<string, SubjectKey>;
  readonly #byId: RecencyCache<string, SubjectKey>;
  #shredsSeen: number;
  #isClosed = false;

  constructor(database: Database, pepper: Buffer, { file, masterKey, maxCachedKeys }: SqliteKeyRingOptions) {
    this.pepper = pepper;
    this.#database = database;
    this.#stored = new StoredKeys(database, masterKey);
    this.#writer = new WriterThread({ file, masterKey });
    this.#creation = new KeyCreation((subjects) => this.#writer.order({ task: 'create', subjects }));
    this.#bySubject = new RecencyCache(maxCachedKeys ?? DEFAULT_MAX_CACHED_KEYS);
    this.#byId = new RecencyCache(maxCachedKeys ?? DEFAULT_MAX_CACHED_KEYS);
    this.#shredsSeen = this.#stored.shreds();
  }

  async ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    for (let attempt = 0; attempt < MAX_ENSURE_ATTEMPTS; attempt++) {
      const keys = new Map<string, SubjectKey>();
      const missing = this.#collect(subjects, keys, this.#bySubject, (some) => this.#stored.ofSubjects(some));
      if (missing.length === 0) return keys;
      // What the writer made is read back like any other key: it may be shredded again already.
      await this.#creation.create(missing);
    }
    throw new VaultError('vault-busy', 'The keys were shredded as fast as they were created.');
  }

  async find(keyids: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>> {
    const keys = new Map<string, SubjectKey>();
    this.#collect(keyids, keys, this.#byId, (some) => this.#stored.withIds(some));
    return keys;
  }

  async shred(subject: string): Promise<number> {
    this.#assertOpen();
    return this.#writer.order({ task: 'shred', subject });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#writer.close();
    this.#bySubject.clear();
    this.#byId.clear();
    this.#database.close();
  }

  /** Puts what is known into `keys`, from memory, else from the file; answers the names that are in neither. */
  #collect(
    names: readonly string[],
    keys: Map<string, SubjectKey>,
    cache: RecencyCache<string, SubjectKey>,
    load: (names: readonly string[]) => readonly SubjectKey[],
  ): readonly string[] {
    this.#assertOpen();
    try {
      this.#forgetShredded();
      const absent: string[] = [];
      for (const name of names) {
        const key = cache.get(name);
        if (key) keys.set(name, key);
        else absent.push(name);
      }
      if (absent.length === 0) return absent;
      for (const key of load(absent)) {
        const name = cache === this.#byId ? key.id : key.subject;
        cache.set(name, key);
        keys.set(name, key);
      }
      return absent.filter((name) => !keys.has(name));
    } catch (error) {
      throw vaultErrorOf(error);
    }
  }

  /** Keys are read and remembered without a pause in between, so what is remembered is no older than this look. */
  #forgetShredded(): void {
    const shreds = this.#stored.shreds();
    if (shreds === this.#shredsSeen) return;
    this.#shredsSeen = shreds;
    this.#bySubject.clear();
    this.#byId.clear();
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new VaultError('vault-closed', 'The key ring is closed.');
  }
}
