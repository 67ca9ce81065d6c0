import { ROLES } from '@touchline/access';
import { z } from 'zod';

const MAX_NAME_CHARACTERS = 100;

export const NewToken = z.strictObject({
  name: z
    .string('must be a text')
    .trim()
    .min(1, 'must say what it is for')
    .max(MAX_NAME_CHARACTERS, `must have at most ${MAX_NAME_CHARACTERS} characters`)
    .describe('What it is for, in words'),
  role: z.enum(ROLES, `must be one of the roles there are: ${ROLES.join(', ')}`),
  expires: z.iso
    .datetime({ offset: true, error: 'must be RFC 3339 with an offset, e.g. 2026-11-22T09:30:00+08:00' })
    .optional()
    .describe('From then on it is refused; without it, it lasts until it is revoked'),
});

export const TokenSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.string(),
    scopes: z.array(z.string()).readonly().describe('What it may do; `*` is everything'),
    createdtime: z.string(),
    createdby: z.string().describe('`admin`, or `token:` and the id of the token that was used'),
    expires: z.string().nullable(),
    revokedtime: z.string().nullable(),
    revokedby: z.string().nullable(),
  })
  .meta({ id: 'Token' });

export const CreatedTokenSchema = TokenSchema.extend({
  token: z.string().describe('Keep it: what is stored of it is a hash'),
}).meta({ id: 'CreatedToken' });
