import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import {
  type CustomerReport,
  type Job,
  type JobKind,
  type ParkedRow,
  parkedTable,
  ReadStoreError,
  type Snapshot,
} from '@touchline/read-store';
import { type App, defineCursor, listOf, Problem, tellPosition } from '@touchline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ReplayBacking } from '../replay-service.ts';
import { Cursor, CustomerJobSchema, JobId, ParkedSchema, ReadModelName, SubjectId, upTo } from './schemas.ts';

const params = z.object({ name: ReadModelName });
const querystring = z.strictObject({});
/** Jobs posted by one call; calling again goes on with those that are left. */
const MAX_RETRIES = 500;

const parkedCursor = defineCursor<{ position: number; subject: string }>({
  name: 'parked',
  version: 1,
  place: z.object({ position: z.int(), subject: z.string() }),
});

export function customerJobRoutes(app: App, backing: ReplayBacking): void {
  parkedRoute(app, backing);
  jobRoute(app, backing);
  postingRoute(app, backing, 'retry');
  postingRoute(app, backing, 'repair');
  retryAllRoute(app, backing);
}

function parkedRoute(app: App, { readModels }: ReplayBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name/parked',
    schema: {
      summary: 'Whose events are held back, and why; longest waiting first',
      params,
      querystring: z.strictObject({ limit: upTo(500).default(50), cursor: Cursor }),
      response: { 200: listOf(ParkedSchema) },
    },
    handler: async (request, reply) => {
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? { position: 0, subject: '' } : parkedCursor.decode(cursor);
      const reader = await readModels.reader(request.params.name);
      return reader.read(async (snapshot) => {
        tellPosition(reply, snapshot.position);
        // One more than wanted tells whether there is a next page.
        const rows = await snapshot.all<ParkedRow>(
          `SELECT * FROM ${parkedTable.name} WHERE (position, subject) > (?, ?) ORDER BY position, subject LIMIT ?`,
          [after.position, after.subject, limit + 1],
        );
        const shown = rows.slice(0, limit);
        const last = rows.length > limit ? shown.at(-1) : undefined;
        return {
          items: shown.map(presentParked),
          next: last === undefined ? null : parkedCursor.encode(last),
        };
      });
    },
  });
}

function presentParked({ subject, reason, position, recordedAt, waiting }: ParkedRow) {
  return {
    subject,
    reason: reason === '' ? null : reason,
    position: String(position),
    since: new Date(recordedAt).toISOString(),
    waiting,
  };
}

function jobRoute(app: App, { readModels, readStore: { jobs } }: ReplayBacking): void {
  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name/jobs/:job',
    schema: {
      summary: 'What became of a retry or a repair',
      params: params.extend({ job: JobId }),
      querystring,
      response: { 200: CustomerJobSchema },
    },
    handler: async (request) => {
      const { name, job: id } = request.params;
      await readModels.assertKnown(name);
      const job = await jobs.find(name, id);
      if (job === undefined || job.kind === 'rebuild') throw new Problem('unknown-job');
      return present(job);
    },
  });
}

const POSTED = {
  retry: {
    url: '/v1/readmodels/:name/parked/:customerid/retry',
    summary: 'Fold what waits for one customer, in order',
  },
  repair: {
    url: '/v1/readmodels/:name/customers/:customerid/repair',
    summary: 'Fold one customer anew from its streams, into the live generation',
  },
} as const;

function postingRoute(app: App, backing: ReplayBacking, kind: keyof typeof POSTED): void {
  app.route({
    method: 'POST',
    url: POSTED[kind].url,
    schema: {
      summary: POSTED[kind].summary,
      params: params.extend({ customerid: SubjectId }),
      querystring,
      response: { 202: CustomerJobSchema.describe('Asked for; `location` leads to what becomes of it') },
    },
    handler: async (request, reply) => {
      const { name, customerid } = request.params;
      await backing.readModels.assertKnown(name);
      const job = await post(backing, request, { readModel: name, kind, subject: customerid });
      if (job !== undefined) return accepted(reply, job);
      const detail = `Another ${kind} of this customer is not finished: wait for it.`;
      throw new Problem('job-conflict', { detail });
    },
  });
}

function retryAllRoute(app: App, backing: ReplayBacking): void {
  app.route({
    method: 'POST',
    url: '/v1/readmodels/:name/parked/retry',
    schema: {
      summary: 'Fold what waits for every parked customer',
      description: `Asks for at most ${MAX_RETRIES} customers a call, those waiting longest; \`left\` says how many more there are.`,
      params,
      querystring,
      response: {
        202: z.object({
          asked: z.int().describe('Retries asked for, those under way already included'),
          left: z.int().describe('Parked data subjects beyond those: call again when these are done'),
        }),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params;
      const reader = await backing.readModels.reader(name);
      const { subjects, left } = await reader.read(troubled);
      for (const subject of subjects) {
        await post(backing, request, { readModel: name, kind: 'retry', subject });
        await eventLoopTurn();
      }
      reply.code(202);
      return { asked: subjects.length, left };
    },
  });
}

/**
 * Data subjects whose own event could not be folded. One retry takes up everything of a customer: whoever only waits behind
 * another needs none of its own.
 */
async function troubled(snapshot: Snapshot): Promise<{ subjects: readonly string[]; left: number }> {
  const own = `FROM ${parkedTable.name} WHERE reason <> ''`;
  const [counted] = await snapshot.all<{ all: number }>(`SELECT count(*) AS "all" ${own}`);
  const first = await snapshot.all<Pick<ParkedRow, 'subject'>>(
    `SELECT subject ${own} ORDER BY position, subject LIMIT ${MAX_RETRIES}`,
  );
  return { subjects: first.map(({ subject }) => subject), left: (counted?.all ?? 0) - first.length };
}

/** Nothing when the same is under way. */
async function post(
  { readStore: { jobs } }: ReplayBacking,
  { principal, log }: FastifyRequest,
  asked: { readModel: string; kind: JobKind; subject: string },
): Promise<Job | undefined> {
  const by = principal?.id ?? '';
  try {
    const job = await jobs.post({ ...asked, request: { by } });
    log.info(
      { readModel: asked.readModel, kind: asked.kind, job: job.id, by },
      'work on a customer asked for',
    );
    return job;
  } catch (failure) {
    if (failure instanceof ReadStoreError && failure.code === 'job-conflict') return undefined;
    throw failure;
  }
}

function accepted(reply: FastifyReply, job: Job) {
  reply.code(202).header('location', `/v1/readmodels/${job.readModel}/jobs/${job.id}`);
  return present(job);
}

function present(job: Job): z.infer<typeof CustomerJobSchema> {
  const report = (job.report ?? {}) as Partial<CustomerReport> & { readonly failure?: string };
  return {
    job: job.id,
    kind: job.kind as 'retry' | 'repair',
    subject: job.subject ?? '',
    state: job.state,
    by: (job.request as { by: string }).by,
    folded: report.folded ?? 0,
    waiting: report.waiting ?? 0,
    reason: report.failure ?? report.reason ?? null,
    pastkept: report.pastKept ?? null,
    postedtime: new Date(job.postedAt).toISOString(),
    changedtime: new Date(job.changedAt).toISOString(),
  };
}
