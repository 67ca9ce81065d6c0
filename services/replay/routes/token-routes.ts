import type { TokenRecord } from '@touchline/access';
import { type App, defineCursor, listOf, Problem, TOKEN_NOTICE_MS } from '@touchline/service-kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ReplayBacking } from '../replay-service.ts';
import { Cursor, upTo } from './schemas.ts';
import { CreatedTokenSchema, NewToken, TokenSchema } from './token-schemas.ts';

const MAX_PAGE_TOKENS = 200;
const NOTICED = `at this service at once, at all others within ${TOKEN_NOTICE_MS / 1_000} s and a reading of the store`;

const tokenCursor = defineCursor<string>({ name: 'tokens', version: 1, place: z.uuid() });

/** Tokens let in whoever holds them: only an administrator makes, sees and revokes them. */
export function tokenRoutes(app: App, { tokens, clock }: ReplayBacking): void {
  app.route({
    method: 'POST',
    url: '/v1/tokens',
    schema: {
      summary: 'Make a token; it is shown this once',
      querystring: z.strictObject({}),
      body: NewToken,
      response: { 201: CreatedTokenSchema.describe(`It works ${NOTICED}`) },
    },
    handler: async (request, reply) => {
      const by = administratorOf(request);
      const { name, role, expires } = request.body;
      const expiresAt = expires === undefined ? undefined : Date.parse(expires);
      if (expiresAt !== undefined && expiresAt <= clock.now()) throw expired();
      const { token, record } = await tokens.create({ name, role, expiresAt }, by);
      // Not by its name: that may be a person's.
      request.log.info({ tokenId: record.id, role, by }, 'token made');
      reply.code(201).header('cache-control', 'no-store');
      return { ...present(record), token };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/tokens',
    schema: {
      summary: 'Tokens, newest first, also those that are revoked or have expired',
      querystring: z.strictObject({ limit: upTo(MAX_PAGE_TOKENS).default(50), cursor: Cursor }),
      response: { 200: listOf(TokenSchema) },
    },
    handler: async (request) => {
      administratorOf(request);
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? undefined : tokenCursor.decode(cursor);
      const found = await tokens.list({ limit: limit + 1, before });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const isLast = found.length <= limit || last === undefined;
      return { items: page.map(present), next: isLast ? null : tokenCursor.encode(last.id) };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/tokens/:id',
    schema: {
      summary: 'Revoke a token; may be repeated',
      params: z.object({ id: z.uuid('must be the id of a token, a UUID') }),
      querystring: z.strictObject({}),
      response: { 200: TokenSchema.describe(`It stops, with its sessions, ${NOTICED}`) },
    },
    handler: async (request) => {
      const by = administratorOf(request);
      const { id } = request.params;
      const record = await tokens.revoke(id, by);
      if (record === undefined) throw new Problem('unknown-token');
      request.log.info({ tokenId: id, by }, 'token revoked');
      return present(record);
    },
  });
}

/** The id of who asks. Throws `forbidden` for anybody but an administrator. */
function administratorOf({ principal }: Pick<FastifyRequest, 'principal'>): string {
  if (principal?.role === 'admin') return principal.id;
  throw new Problem('forbidden', { detail: 'Only an administrator makes, lists and revokes tokens.' });
}

function expired(): Problem {
  return new Problem('invalid-request', {
    errors: [{ pointer: '/expires', detail: 'must lie in the future', in: 'body' }],
  });
}

function present(record: TokenRecord): z.infer<typeof TokenSchema> {
  const { id, name, role, scopes, createdAt, createdBy, expiresAt, revokedAt, revokedBy } = record;
  return {
    ...{ id, name, role, scopes },
    createdtime: new Date(createdAt).toISOString(),
    createdby: createdBy,
    expires: timeOf(expiresAt),
    revokedtime: timeOf(revokedAt),
    revokedby: revokedBy ?? null,
  };
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
