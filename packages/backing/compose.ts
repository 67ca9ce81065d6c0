import type { EventStore } from '@touchline/event-store';
import { openSqliteEventStore } from '@touchline/event-store/sqlite';
import { createJournal, type Journal } from '@touchline/journal';
import type { ReadStore } from '@touchline/read-store';
import { openSqliteReadStore } from '@touchline/read-store/sqlite';
import { type Catalogue, catalogue } from '@touchline/touchpoints';
import { type KeyRing, loadMasterKey, VaultError } from '@touchline/vault';
import { openSqliteKeyRing } from '@touchline/vault/sqlite';
import { type DataFolder, dataFolder, type Places } from './data-folder.ts';
import { type FileSize, fileSizes } from './file-sizes.ts';
import { assertKeysOfLog, isUnwritten } from './keys-of-log.ts';
import { lockDataFolder } from './sqlite/folder-lock.ts';
import { toldForPeople } from './told-for-people.ts';

export { DataFolderError } from './data-folder-error.ts';
export type { FileSize } from './file-sizes.ts';

/** What services work with: the one place that knows which adapter stands behind each port. */
export interface Backing {
  readonly catalogue: Catalogue;
  readonly eventStore: EventStore;
  readonly keyRing: KeyRing;
  readonly journal: Journal;
  readonly readStore: ReadStore;
  /** Room its files take; what lies in other databases is not counted. */
  fileSizes(): Promise<readonly FileSize[]>;
  /** Waits for writes under way, then releases everything. */
  close(): Promise<void>;
}

export interface BackingSetup extends Places {
  readonly dataFolder: string;
  /** Value of `TOUCHLINE_MASTER_KEY`; without it the key file is used, which is made only beside keys in files. */
  readonly masterKey?: string | undefined;
  /** Refuse to share the folder with another process that asked for the same: `data-folder-in-use`. */
  readonly exclusive?: boolean;
  /** `rarely` for who reads: the log's writer thread starts with the first append. Default `soon`. */
  readonly appends?: 'soon' | 'rarely';
  /** After a long silence, how late a subscriber may see what another process appends to a log in a file. Default 20. */
  readonly maxNoticeMs?: number;
}

/**
 * Opens log, keys and read models. Several processes and threads may open the same folder at once.
 * Throws `DataFolderError`, `EventStoreError`, `VaultError` or `ReadStoreError` with what is wrong and what to do.
 */
export async function openBacking(setup: BackingSetup): Promise<Backing> {
  const files = dataFolder(setup.dataFolder, setup);
  const opened: { close(): Promise<void> | void }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    if (setup.exclusive === true && files.isInUse) opened.push(lockDataFolder(files.root));
    const eventStore = await openEventStore(files, setup);
    opened.push(eventStore);
    const keyRing = await openKeyRing(files, setup, eventStore);
    opened.push(keyRing);
    const readStore = await openReadStore(files, setup.readStore);
    opened.push(readStore);
    const journal = createJournal({ eventStore, keyRing, catalogue });
    return {
      catalogue,
      eventStore,
      keyRing,
      journal,
      readStore,
      fileSizes: () => fileSizes(files),
      close,
    };
  } catch (failure) {
    await close();
    throw failure;
  }
}

/**
 * A log in a database elsewhere is connected to by who uses it: a service starts while it is away. Clients of databases are large,
 * and loaded where there is such a database: nobody else pays for them, in each of its threads.
 */
async function openEventStore(
  { log }: DataFolder,
  { eventStore: url = '', appends = 'soon', maxNoticeMs }: BackingSetup,
): Promise<EventStore> {
  if (log === undefined) {
    const { openEventStoreDbEventStore } = await import('@touchline/event-store/eventstoredb');
    return openEventStoreDbEventStore({ url });
  }
  const notice = maxNoticeMs === undefined ? {} : { maxPollMs: maxNoticeMs };
  return openFile(log, (file) => openSqliteEventStore({ file, appends, ...notice }));
}

function openKeyRing(files: DataFolder, setup: BackingSetup, eventStore: EventStore): Promise<KeyRing> {
  const { keys } = files;
  return keys === undefined
    ? openPostgresKeys(files, setup, eventStore)
    : openSqliteKeys({ ...files, keys }, setup, eventStore);
}

async function openSqliteKeys(
  files: DataFolder & { readonly keys: string },
  setup: BackingSetup,
  eventStore: EventStore,
): Promise<KeyRing> {
  await openFile(files.log ?? files.keys, () => assertKeysOfLog(files, eventStore));
  const masterKey = await openFile(files.masterKey, (file) =>
    loadMasterKey({ value: setup.masterKey, file, keysFile: files.keys }),
  );
  return openFile(files.keys, (file) => openSqliteKeyRing({ file, masterKey }));
}

async function openPostgresKeys(
  { masterKey: file }: DataFolder,
  { masterKey: value, keyStore: url = '' }: BackingSetup,
  eventStore: EventStore,
): Promise<KeyRing> {
  const [{ openPostgresKeyRing }, masterKey] = await Promise.all([
    import('@touchline/vault/postgres'),
    loadMasterKey({ value, file }),
  ]);
  try {
    return await openPostgresKeyRing({ url, masterKey, create: false });
  } catch (failure) {
    if (!(failure instanceof VaultError) || failure.code !== 'vault-missing') throw failure;
  }
  return openPostgresKeyRing({ url, masterKey, create: await isUnwritten(eventStore) });
}

/** A database elsewhere is connected to by who uses it: a service that only writes the log starts without it. */
async function openReadStore({ readModels }: DataFolder, place = ''): Promise<ReadStore> {
  if (readModels !== undefined) return openSqliteReadStore({ folder: readModels });
  const { openPostgresReadStore } = await import('@touchline/read-store/postgres');
  return openPostgresReadStore({ url: place });
}

async function openFile<T>(file: string, open: (file: string) => Promise<T>): Promise<T> {
  try {
    return await open(file);
  } catch (failure) {
    throw toldForPeople(failure, file);
  }
}
