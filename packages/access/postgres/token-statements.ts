import type { PoolClient } from 'pg';
import { type IssuedToken, tooManyTokens } from '../token.ts';
import {
  MAX_TOKEN_RECORDS,
  MAX_TOKENS,
  type Revocation,
  type TokenRecord,
  type TokenSet,
} from '../token-store.ts';

const COLUMNS = 'id, name, role, scopes, created_at, created_by, expires_at, revoked_at, revoked_by';
const HAS_ENDED = '(revoked_at IS NOT NULL OR coalesce(expires_at <= $1, false))';
const LIST = `SELECT ${COLUMNS} FROM tokens WHERE $1::text IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`;
/** Who makes or revokes a token holds this row until the end of the transaction: one at a time, and counts stay true. */
const GROW = 'UPDATE revision SET value = value + 1';
const IN_FORCE = `SELECT count(*)::integer AS tokens FROM tokens WHERE NOT ${HAS_ENDED}`;
/** Sent again when it is not known whether it was done. */
const INSERT = 'INSERT INTO tokens VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING';
const FORGET = `DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE ${HAS_ENDED} ORDER BY id
  LIMIT greatest(0, (SELECT count(*) FROM tokens) - ${MAX_TOKEN_RECORDS}))`;
const REVOKE = `UPDATE tokens SET revoked_at = coalesce(revoked_at, $2),
  revoked_by = CASE WHEN revoked_at IS NULL THEN $3 ELSE revoked_by END WHERE id = $1 RETURNING ${COLUMNS}`;
/** One statement, so that the tokens are as of the revision; it answers no tokens where this is known. */
const READ = `SELECT revision.value AS revision, t.id, t.digest, t.role, t.scopes, t.expires_at
  FROM revision LEFT JOIN tokens t ON t.revoked_at IS NULL AND revision.value IS DISTINCT FROM $1`;

/** PostgreSQL answers a bigint as text. */
interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}

type SetRow = Pick<Row, 'role' | 'scopes' | 'expires_at'> & {
  readonly revision: string;
  readonly id: string | null;
  readonly digest: string;
};

export async function addToken(client: PoolClient, { digest, record }: IssuedToken): Promise<void> {
  const { id, name, role, scopes, createdAt, createdBy, expiresAt = null } = record;
  await client.query(GROW);
  const { rows } = await client.query<{ tokens: number }>(IN_FORCE, [createdAt]);
  if ((rows[0]?.tokens ?? 0) >= MAX_TOKENS) throw tooManyTokens();
  const values = [id, digest, name, role, JSON.stringify(scopes), createdAt, createdBy, expiresAt];
  await client.query(INSERT, values);
  await client.query(FORGET, [createdAt]);
}

export async function listTokens(
  client: PoolClient,
  limit: number,
  before: string | undefined,
): Promise<readonly TokenRecord[]> {
  const { rows } = await client.query<Row>(LIST, [before ?? null, limit]);
  return rows.map(recordOf);
}

export async function revokeToken(
  client: PoolClient,
  id: string,
  { at, by }: Revocation,
): Promise<TokenRecord | undefined> {
  await client.query(GROW);
  const { rows } = await client.query<Row>(REVOKE, [id, at, by]);
  return rows[0] && recordOf(rows[0]);
}

export async function readTokens(
  client: PoolClient,
  known: number | undefined,
): Promise<TokenSet | undefined> {
  const query = { name: 'read', text: READ, values: [known ?? null] };
  const { rows } = await client.query<SetRow>(query);
  const revision = Number(rows[0]?.revision ?? 0);
  if (revision === known) return undefined;
  const tokens = rows.flatMap(({ id, digest, role, scopes, expires_at }) =>
    id === null ? [] : [{ id, digest, role, scopes, expiresAt: timeOf(expires_at) }],
  );
  return { revision, tokens };
}

function recordOf(row: Row): TokenRecord {
  const { id, name, role, scopes } = row;
  return {
    id,
    name,
    role,
    scopes,
    createdAt: Number(row.created_at),
    createdBy: row.created_by,
    expiresAt: timeOf(row.expires_at),
    revokedAt: timeOf(row.revoked_at),
    revokedBy: row.revoked_by ?? undefined,
  };
}

function timeOf(milliseconds: string | null): number | undefined {
  return milliseconds === null ? undefined : Number(milliseconds);
}
