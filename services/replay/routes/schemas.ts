import { JOB_STATES } from '@touchline/read-store';
import { PositionText } from '@touchline/service-kit';
import { z } from 'zod';
import { STATES } from '../read-models.ts';

const JOB_STATE = z.enum([...JOB_STATES.active, ...JOB_STATES.resting, ...JOB_STATES.finished]);
const MAX_EVENTS_PER_SECOND = 1_000_000;

export const ReadModelName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a read model: lower-case letters, digits and hyphens')
  .describe('Read model, e.g. timeline');

export const JobId = z.uuid('must be the id of a job, a UUID');

export const SubjectId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'must be a customer id: 24 lower-case hex digits')
  .describe('Customer id, current or superseded, or one of its data subjects');

export const Cursor = z
  .string('must be one cursor')
  .max(500, 'is not a cursor of this list')
  .optional()
  .describe('`next` of the page before');

export function upTo(max: number) {
  const error = `must be a whole number from 1 to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(max, { error });
}

const Backlog = z.object({
  events: z.int(),
  seconds: z.number().describe('Age of the oldest of them'),
});

export const ReadModelSchema = z
  .object({
    name: z.string(),
    generation: z
      .int()
      .nullable()
      .describe('The live one; null while the read model is built for the first time'),
    position: z.string().describe('Of the last event folded'),
    head: z.string().describe('Of the last event in the log'),
    lag: Backlog.describe('Recorded and not applied: behind or parked'),
    behind: Backlog.describe('After `position`'),
    parked: Backlog.extend({ subjects: z.int().describe('Data subjects') }).describe('Held back'),
    rate: z.number().describe('Events folded per second over the last half minute'),
    state: z
      .enum(STATES)
      .describe(
        '`stalled`: behind and not moving; `loading`: built for the first time; `unavailable`: see `failure`',
      ),
    failure: z.string().nullable().describe('Code of the failure that makes it unavailable'),
  })
  .meta({ id: 'ReadModel' });

export const GenerationSchema = z.object({
  number: z.int(),
  state: z.enum(['building', 'live', 'previous']).describe('`previous`: was live once'),
  shape: z.string().describe('Equal where projections and tables are: only then rollback leads there'),
  position: z.string(),
  bytes: z.int(),
  beguntime: z.string(),
  promotedtime: z.string().nullable(),
});

const promotes = z.enum(['auto', 'manual', 'never'], 'must be auto, manual or never');

export const NewRebuild = z
  .strictObject({
    reason: z.string().trim().min(1, 'must say why').max(2_000).describe('Why, in words'),
    promote: promotes
      .default('manual')
      .describe(
        '`auto`: as soon as verified equal; `manual`: on command; `never`: compare, tell, drop: proves what is served',
      ),
    verify: z
      .boolean()
      .default(true)
      .describe('Compare with the live generation; not where projections have changed'),
    eventspersecond: z
      .int()
      .min(1)
      .max(MAX_EVENTS_PER_SECOND)
      .optional()
      .describe('At most, so that live traffic keeps its latency; without it as fast as it goes'),
  })
  .refine(({ promote, verify }) => verify || promote !== 'never', {
    error: 'must be true when nothing is promoted, or nothing would come of it',
    path: ['verify'],
  });

const MaskedRow = z.record(z.string(), z.unknown()).readonly().nullable();

const VerificationSchema = z.object({
  position: z.string().describe('Both generations were here'),
  equal: z.boolean(),
  tables: z.array(z.object({ table: z.string(), equal: z.boolean() })).readonly(),
  differences: z
    .array(
      z.object({
        table: z.string(),
        key: z.array(z.unknown()).readonly().describe('Personal values are masked, also in the rows'),
        columns: z.array(z.string()).readonly(),
        live: MaskedRow,
        rebuilt: MaskedRow,
        firstevent: z.string().nullable().describe('Position of the first event that touches the row'),
      }),
    )
    .readonly()
    .describe('The first of them, by table and key'),
});

export const RebuildSchema = z
  .object({
    job: z.string(),
    state: JOB_STATE,
    wish: z
      .enum(['pause', 'resume', 'cancel', 'verify', 'promote'])
      .nullable()
      .describe('Left for the worker, which has not heeded it yet'),
    reason: z.string(),
    by: z.string().describe('Who asked'),
    promote: promotes,
    verify: z.boolean(),
    eventspersecond: z.int().nullable(),
    generation: z.int().nullable(),
    position: z.string(),
    target: z.string().describe('Head of the log when last looked at'),
    events: z.int().describe('Folded so far'),
    total: z.int().describe('Up to `target`'),
    percent: z.number(),
    rate: z.number().describe('Events per second of late'),
    eta: z
      .number()
      .nullable()
      .describe('Seconds until `target` is reached; while planned, as the last rebuild went'),
    memorybytes: z.int().nullable().describe('Of the process that does it'),
    seconds: z.number().describe('Spent working'),
    verification: VerificationSchema.nullable(),
    failure: z.string().nullable(),
    postedtime: z.string(),
    changedtime: z.string(),
  })
  .meta({ id: 'Rebuild' });

export const ParkedSchema = z
  .object({
    subject: z
      .string()
      .describe('Data subject whose events wait; as a customer id it leads to the customer it belongs to'),
    reason: z
      .string()
      .nullable()
      .describe('Why the first could not be folded; null: it waits behind another of its customer'),
    position: z.string().describe('First waiting event'),
    since: z.string().describe('When that was recorded'),
    waiting: z.int().describe('Events that wait'),
  })
  .meta({ id: 'Parked' });

export const CustomerJobSchema = z
  .object({
    job: z.string(),
    kind: z.enum(['retry', 'repair']),
    subject: z.string(),
    state: JOB_STATE,
    by: z.string(),
    folded: z.int().describe('Events folded'),
    waiting: z.int().describe('Events that still wait'),
    reason: z.string().nullable().describe('Why the first of them does, or why it failed'),
    pastkept: z
      .string()
      .nullable()
      .describe(
        'Why `asof` still answers as before the retry, until a rebuild is promoted; null when it is exact',
      ),
    postedtime: z.string(),
    changedtime: z.string(),
  })
  .meta({ id: 'CustomerJob' });

export const LogQuery = z.strictObject({
  after: PositionText.optional().describe(
    'Only what was recorded after this position, one that was answered; a cursor goes before it',
  ),
  cursor: Cursor,
  stream: z.string('must be one stream').min(1).max(256).optional(),
  type: z
    .string('must be one type')
    .min(1)
    .max(256)
    .optional()
    .describe('Whole, e.g. touchline.order.placed.v1'),
  limit: upTo(500).default(50),
});

export const LogEventSchema = z
  .object({
    position: z.string(),
    eventid: z.string(),
    stream: z.string(),
    version: z.int().describe('Place in its stream, from 0'),
    type: z.string(),
    recordedtime: z.string(),
    identifiers: z.array(z.string()).readonly().describe('Keyed hashes, strongest first'),
    envelope: z.record(z.string(), z.unknown()).describe('Clear attributes'),
    data: z.record(z.string(), z.unknown()).describe('Clear fields'),
    sealed: z
      .object({ characters: z.int() })
      .nullable()
      .describe('The personal part, which is never opened here; null when there is none'),
    damage: z.enum(['document-corrupt', 'document-newer']).optional(),
  })
  .meta({ id: 'LogEvent' });
