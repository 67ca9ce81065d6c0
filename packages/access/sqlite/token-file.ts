import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { commitDurably, ownerOf, useWriteAheadLog } from '@touchline/sqlite';
import Database from 'better-sqlite3';
import { TokenStoreError } from '../token-store-error.ts';

/** Identifies our files among SQLite files: "TLtk". */
const APPLICATION_ID = 0x544c746b;
const FORMAT = 1;

const TABLES = `
  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    createdAt INTEGER NOT NULL,
    createdBy TEXT NOT NULL,
    expiresAt INTEGER,
    revokedAt INTEGER,
    revokedBy TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE revision (value INTEGER NOT NULL) STRICT;
  INSERT INTO revision VALUES (0);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};
`;

/**
 * A connection to the file on which a commit is durable; nothing where there is no file, unless `create` makes one that
 * its owner alone may read. What is locked by another process fails as busy at once.
 */
export function openTokenFile(path: string, { create }: { create: boolean }): Database.Database | undefined {
  if (!existsSync(path)) {
    if (!create) return undefined;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  }
  const db = new Database(path, { timeout: 0, fileMustExist: true });
  try {
    assertOurs(db, path);
    useWriteAheadLog(db, { waitMs: 0 });
    commitDurably(db);
    makeTables(db, path);
    return db;
  } catch (failure) {
    db.close();
    throw failure;
  }
}

function assertOurs(db: Database.Database, path: string): void {
  if (ownerOf(db, APPLICATION_ID) !== 'foreign') return;
  const message = `${path} is a database of another program: move it away`;
  throw new TokenStoreError('token-store-foreign-file', message);
}

function makeTables(db: Database.Database, path: string): void {
  const format = () => Number(db.pragma('user_version', { simple: true }));
  if (format() === 0) {
    const make = db.transaction(() => {
      if (format() === 0) db.exec(TABLES);
    });
    make.immediate();
  }
  if (format() <= FORMAT) return;
  const message = `${path} has format ${format()}, and this program knows ${FORMAT}: start the version that wrote it, or a newer one`;
  throw new TokenStoreError('token-store-newer', message);
}
