import type { Database } from 'better-sqlite3';
import { purposeOf } from '../key-number.ts';
import { newSecret, WRAPPED_BYTES, wrap } from '../key-wrap.ts';
import { VaultError } from '../vault-error.ts';
import { emptyWriteAheadLog } from './key-database.ts';

export interface KeyWriter {
  /** One durable transaction: a key for every data subject that has none. */
  create(subjects: readonly string[]): void;
  /** Overwrites the key of a data subject in every file; answers how many there were. */
  shred(subject: string): number;
}

export function createKeyWriter(database: Database, masterKey: Uint8Array): KeyWriter {
  const writeKeys = prepareCreate(database, masterKey);
  const overwriteKeys = prepareShred(database);
  return {
    create: (subjects) => writeKeys(subjects),
    shred(subject) {
      const count = overwriteKeys(subject);
      emptyLogOrFail(database);
      return count;
    },
  };
}

/** Under the write lock, so what is missing here is missing for every process, and the numbers are free. */
function prepareCreate(database: Database, masterKey: Uint8Array) {
  const lastNumber = database
    .prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'keys'")
    .pluck();
  const hasKey = database.prepare('SELECT 1 FROM keys WHERE subject = ? AND shredded = 0').pluck();
  const insert = database.prepare(
    'INSERT INTO keys (number, subject, shredded, wrapped) VALUES (?, ?, 0, ?)',
  );
  return database.transaction((subjects: readonly string[]) => {
    let number = lastNumber.get() ?? 0;
    for (const subject of subjects) {
      if (hasKey.get(subject) !== undefined) continue;
      number += 1;
      insert.run(number, subject, wrap(masterKey, newSecret(), purposeOf(number, subject)));
    }
  }).immediate;
}

function prepareShred(database: Database) {
  const overwrite = database.prepare(
    `UPDATE keys SET shredded = 1, wrapped = zeroblob(${WRAPPED_BYTES}) WHERE subject = ? AND shredded = 0`,
  );
  const count = database.prepare('UPDATE shreds SET count = count + ?');
  return database.transaction((subject: string) => {
    const { changes } = overwrite.run(subject);
    if (changes > 0) count.run(changes);
    return changes;
  }).immediate;
}

/** Also when nothing was shredded now: an earlier attempt may have stopped here. */
function emptyLogOrFail(database: Database): void {
  if (emptyWriteAheadLog(database)) return;
  throw new VaultError(
    'shred-incomplete',
    'The key is shredded, but other readers kept its bytes in the write-ahead log. Shred again to remove them.',
  );
}
