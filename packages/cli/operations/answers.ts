import { z } from 'zod';

/** What the operations API answers, as far as people are told of it; `--json` passes on the rest as well. */
const backlog = z.looseObject({ events: z.number(), seconds: z.number() });

export const readModel = z.looseObject({
  name: z.string(),
  generation: z.number().nullable(),
  position: z.string(),
  head: z.string(),
  behind: backlog,
  parked: z.looseObject({ events: z.number(), subjects: z.number() }),
  rate: z.number(),
  state: z.string(),
  failure: z.string().nullable(),
});

const row = z.record(z.string(), z.unknown()).nullable();

const verification = z.looseObject({
  position: z.string(),
  equal: z.boolean(),
  tables: z.array(z.looseObject({ table: z.string(), equal: z.boolean() })),
  differences: z.array(
    z.looseObject({
      table: z.string(),
      key: z.array(z.unknown()),
      columns: z.array(z.string()),
      live: row,
      rebuilt: row,
      firstevent: z.string().nullable(),
    }),
  ),
});

export const rebuild = z.looseObject({
  job: z.string(),
  state: z.string(),
  wish: z.string().nullable(),
  generation: z.number().nullable(),
  events: z.number(),
  total: z.number(),
  percent: z.number(),
  rate: z.number(),
  eta: z.number().nullable(),
  seconds: z.number(),
  verification: verification.nullable(),
  failure: z.string().nullable(),
});

export const parked = z.looseObject({
  subject: z.string(),
  reason: z.string().nullable(),
  position: z.string(),
  since: z.string(),
  waiting: z.number(),
});

export const customerJob = z.looseObject({
  job: z.string(),
  state: z.string(),
  folded: z.number(),
  waiting: z.number(),
  reason: z.string().nullable(),
  pastkept: z.string().nullable(),
});

export const republication = z.looseObject({
  job: z.string(),
  state: z.string(),
  topic: z.string(),
  from: z.string(),
  to: z.string(),
  events: z.number(),
  published: z.number(),
  percent: z.number(),
  rate: z.number(),
  eta: z.number().nullable(),
  failure: z.string().nullable(),
});

export const logEvent = z.looseObject({
  position: z.string(),
  recordedtime: z.string(),
  type: z.string(),
  stream: z.string(),
  envelope: z.record(z.string(), z.unknown()),
  data: z.record(z.string(), z.unknown()),
  sealed: z.looseObject({ characters: z.number() }).nullable(),
  damage: z.string().optional(),
});

export const token = z.looseObject({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  createdtime: z.string(),
  createdby: z.string(),
  expires: z.string().nullable(),
  revokedtime: z.string().nullable(),
  revokedby: z.string().nullable(),
});

export const createdToken = token.extend({ token: z.string() });

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export type ReadModel = z.infer<typeof readModel>;
export type Rebuild = z.infer<typeof rebuild>;
export type Verification = z.infer<typeof verification>;
export type Parked = z.infer<typeof parked>;
export type Republication = z.infer<typeof republication>;
export type Token = z.infer<typeof token>;
export type LogEvent = z.infer<typeof logEvent>;
