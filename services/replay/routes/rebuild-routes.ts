import {
  isActive,
  isFinished,
  type Job,
  type JobState,
  type JobWish,
  ReadStoreError,
  type RebuildRequest,
} from '@touchline/read-store';
import { type App, defineCursor, listOf, Problem, streamEvents } from '@touchline/service-kit';
import { z } from 'zod';
import { followJob } from '../follow-job.ts';
import { jobPage } from '../job-pages.ts';
import { findRebuild, present, type Rebuild } from '../rebuilds.ts';
import type { ReplayBacking } from '../replay-service.ts';
import { Cursor, JobId, NewRebuild, ReadModelName, RebuildSchema, upTo } from './schemas.ts';

const params = z.object({ name: ReadModelName });
const jobParams = params.extend({ job: JobId });

const rebuildCursor = defineCursor<string>({ name: 'rebuilds', version: 1, place: z.uuid() });

/** In which states a wish can be heeded. */
const WISHES: Readonly<Record<JobWish, (state: JobState) => boolean>> = {
  pause: isActive,
  resume: (state) => state === 'paused',
  cancel: (state) => !isFinished(state),
  verify: (state) => state === 'ready' || state === 'differs',
  promote: (state) => state === 'ready' || state === 'differs',
};

const SUMMARIES: Readonly<Record<JobWish, string>> = {
  pause: 'Rest, keeping what is done',
  resume: 'Go on after a pause',
  cancel: 'Give up and drop the generation',
  verify: 'Compare with the live generation once more',
  promote: 'Make it the generation readers see, also where it differs',
};

export function rebuildRoutes(app: App, backing: ReplayBacking): void {
  postingRoutes(app, backing);
  readingRoutes(app, backing);
  for (const wish of Object.keys(WISHES) as JobWish[]) wishRoute(app, backing, wish);
}

function postingRoutes(app: App, { readModels, readStore: { jobs }, eventStore }: ReplayBacking): void {
  app.route({
    method: 'POST',
    url: '/v1/readmodels/:name/rebuilds',
    schema: {
      summary: 'Build a new generation from the start of the log, beside the live one',
      params,
      querystring: z.strictObject({}),
      body: NewRebuild,
      response: {
        202: RebuildSchema.describe('Planned: what is to be read, how much, and how long it takes'),
      },
    },
    handler: async (request, reply) => {
      const { name } = request.params;
      await readModels.assertKnown(name);
      const { reason, promote, verify, eventspersecond } = request.body;
      const asked: RebuildRequest = {
        reason,
        by: request.principal?.id ?? '',
        promote,
        verify,
        ...(eventspersecond === undefined ? {} : { eventsPerSecond: eventspersecond }),
      };
      const job = await jobs.post({ readModel: name, kind: 'rebuild', request: asked }).catch(refused);
      request.log.info({ readModel: name, job: job.id, by: asked.by, promote }, 'rebuild asked for');
      reply.code(202).header('location', `/v1/readmodels/${name}/rebuilds/${job.id}`);
      return present(job, { jobs, eventStore });
    },
  });
}

function readingRoutes(app: App, { readModels, readStore: { jobs }, eventStore }: ReplayBacking): void {
  const parts = { jobs, eventStore };

  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name/rebuilds',
    schema: {
      summary: 'Rebuilds, newest first',
      params,
      querystring: z.strictObject({ limit: upTo(100).default(20), cursor: Cursor }),
      response: { 200: listOf(RebuildSchema) },
    },
    handler: async (request) => {
      const { name } = request.params;
      const { limit, cursor } = request.query;
      await readModels.assertKnown(name);
      const before = cursor === undefined ? {} : { before: rebuildCursor.decode(cursor) };
      const page = await jobPage(jobs, name, { kind: 'rebuild', limit, ...before });
      const items: Rebuild[] = [];
      for (const job of page.jobs) items.push(await present(job, parts));
      return { items, next: page.next === undefined ? null : rebuildCursor.encode(page.next) };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name/rebuilds/:job',
    config: { produces: ['application/json', 'text/event-stream'] },
    schema: {
      summary: 'One rebuild; with `Accept: text/event-stream` each change of it, until it is finished',
      params: jobParams,
      querystring: z.strictObject({}),
      response: { 200: RebuildSchema },
    },
    handler: async (request, reply) => {
      const { name, job: id } = request.params;
      await readModels.assertKnown(name);
      const job = await findRebuild(jobs, name, id);
      if (request.headers.accept?.includes('text/event-stream') !== true) return present(job, parts);
      return streamEvents(request, reply, async function* (signal) {
        for await (const each of followJob(job, () => jobs.find(name, id), signal))
          yield { event: 'rebuild', data: await present(each, parts) };
      }) as never;
    },
  });
}

function wishRoute(app: App, backing: ReplayBacking, wish: JobWish): void {
  const { readModels, readStore, eventStore } = backing;
  const { jobs } = readStore;
  app.route({
    method: 'POST',
    url: `/v1/readmodels/:name/rebuilds/:job/${wish}`,
    schema: {
      summary: SUMMARIES[wish],
      params: jobParams,
      querystring: z.strictObject({}),
      response: { 202: RebuildSchema.describe('Left for the worker, which heeds it within moments') },
    },
    handler: async (request, reply) => {
      const { name, job: id } = request.params;
      await readModels.assertKnown(name);
      const job = await findRebuild(jobs, name, id);
      assertPossible(job, wish);
      const wished = await jobs.wish(name, id, wish);
      request.log.info({ readModel: name, job: id, wish, by: request.principal?.id }, 'rebuild steered');
      reply.code(202);
      return present(wished ?? job, { jobs, eventStore });
    },
  });
}

function assertPossible({ state }: Job, wish: JobWish): void {
  if (WISHES[wish](state)) return;
  throw new Problem('wrong-job-state', { detail: `A rebuild that is ${state} cannot be told to ${wish}.` });
}

function refused(cause: unknown): never {
  if (!(cause instanceof ReadStoreError) || cause.code !== 'job-conflict') throw cause;
  throw new Problem('job-conflict', {
    detail: 'Another rebuild of this read model is not finished: wait for it, or cancel it.',
    cause,
  });
}
