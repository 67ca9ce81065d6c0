import type Database from 'better-sqlite3';
import { type IssuedToken, tooManyTokens } from '../token.ts';
import {
  MAX_TOKEN_RECORDS,
  MAX_TOKENS,
  type Revocation,
  type StoredToken,
  type TokenRecord,
  type TokenSet,
} from '../token-store.ts';

const COLUMNS = 'id, name, role, scopes, createdAt, createdBy, expiresAt, revokedAt, revokedBy';
const HAS_ENDED = '(revokedAt IS NOT NULL OR expiresAt <= ?)';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly scopes: string;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

type StoredRow = Pick<Row, 'id' | 'role' | 'scopes' | 'expiresAt'> & { readonly digest: string };

/** The tokens in an open file, and the statements on them. */
export class TokenTable {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  add(issued: IssuedToken): void {
    this.#db.transaction(() => this.#add(issued)).immediate();
  }

  list(limit: number, before: string | undefined): readonly TokenRecord[] {
    const sql = `SELECT ${COLUMNS} FROM tokens WHERE @before IS NULL OR id < @before ORDER BY id DESC LIMIT @limit`;
    const page = { before: before ?? null, limit };
    return this.#db.prepare<[typeof page], Row>(sql).all(page).map(recordOf);
  }

  revoke(id: string, { at, by }: Revocation): TokenRecord | undefined {
    const run = this.#db.transaction(() => {
      const sql = 'UPDATE tokens SET revokedAt = ?, revokedBy = ? WHERE id = ? AND revokedAt IS NULL';
      if (this.#db.prepare(sql).run(at, by, id).changes > 0) this.#grow();
      return this.#db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM tokens WHERE id = ?`).get(id);
    });
    const row = run.immediate();
    return row && recordOf(row);
  }

  /** In one transaction, so that the tokens are as of the revision. */
  read(known: number | undefined): TokenSet | undefined {
    return this.#db.transaction(() => {
      const revision = this.#db.prepare<[], number>('SELECT value FROM revision').pluck().get() ?? 0;
      if (revision === known) return undefined;
      const sql = 'SELECT id, digest, role, scopes, expiresAt FROM tokens WHERE revokedAt IS NULL';
      return { revision, tokens: this.#db.prepare<[], StoredRow>(sql).all().map(storedOf) };
    })();
  }

  close(): void {
    this.#db.close();
  }

  #add({ digest, record }: IssuedToken): void {
    const now = record.createdAt;
    const inForce = this.#db.prepare(`SELECT count(*) FROM tokens WHERE NOT coalesce(${HAS_ENDED}, 0)`);
    if (Number(inForce.pluck().get(now)) >= MAX_TOKENS) throw tooManyTokens();
    const { id, name, role, scopes, createdAt, createdBy, expiresAt = null } = record;
    this.#db
      .prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)')
      .run(id, digest, name, role, JSON.stringify(scopes), createdAt, createdBy, expiresAt);
    this.#db
      .prepare(
        `DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE ${HAS_ENDED} ORDER BY id
         LIMIT max(0, (SELECT count(*) FROM tokens) - ${MAX_TOKEN_RECORDS}))`,
      )
      .run(now);
    this.#grow();
  }

  #grow(): void {
    this.#db.prepare('UPDATE revision SET value = value + 1').run();
  }
}

function recordOf(row: Row): TokenRecord {
  return {
    ...row,
    scopes: JSON.parse(row.scopes) as readonly string[],
    expiresAt: row.expiresAt ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
    revokedBy: row.revokedBy ?? undefined,
  };
}

function storedOf(row: StoredRow): StoredToken {
  return {
    ...row,
    scopes: JSON.parse(row.scopes) as readonly string[],
    expiresAt: row.expiresAt ?? undefined,
  };
}
