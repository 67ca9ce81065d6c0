import { hash } from 'node:crypto';
import { type GenerationRecord, ReadStoreError } from '@touchline/read-store';
import { type App, listOf, Problem } from '@touchline/service-kit';
import { z } from 'zod';
import type { Standing } from '../read-models.ts';
import type { ReplayBacking } from '../replay-service.ts';
import { GenerationSchema, ReadModelName, ReadModelSchema } from './schemas.ts';

const params = z.object({ name: ReadModelName });
const querystring = z.strictObject({});

export function readModelRoutes(app: App, backing: ReplayBacking): void {
  const { readModels, readStore } = backing;

  app.route({
    method: 'GET',
    url: '/v1/readmodels',
    schema: {
      summary: 'How every read model stands',
      querystring,
      response: { 200: listOf(ReadModelSchema) },
    },
    handler: async () => {
      const items = [];
      for (const name of await readModels.names()) items.push(present(await readModels.standing(name)));
      return { items, next: null };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name',
    schema: { summary: 'How one read model stands', params, querystring, response: { 200: ReadModelSchema } },
    handler: async ({ params: { name } }) => {
      await readModels.assertKnown(name);
      return present(await readModels.standing(name));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/readmodels/:name/generations',
    schema: {
      summary: 'Copies of a read model beside one another, newest first',
      params,
      querystring,
      response: { 200: listOf(GenerationSchema) },
    },
    handler: async ({ params: { name } }) => {
      await readModels.assertKnown(name);
      const generations = await readStore.generations.list(name);
      return { items: generations.map(presentGeneration), next: null };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/readmodels/:name/rollback',
    schema: {
      summary: 'Give readers back the generation they saw before',
      params,
      querystring,
      response: { 200: z.object({ generation: z.int().describe('The live one now') }) },
    },
    handler: async ({ params: { name }, principal, log }) => {
      await readModels.assertKnown(name);
      const generation = await rollBack(backing, name);
      log.info({ readModel: name, generation, by: principal?.id }, 'rolled back');
      return { generation };
    },
  });
}

async function rollBack({ readStore }: ReplayBacking, name: string): Promise<number> {
  try {
    return await readStore.generations.rollback(name);
  } catch (cause) {
    if (!(cause instanceof ReadStoreError) || cause.code !== 'generation-unknown') throw cause;
    const detail = `${name} has no earlier generation of the same projections to go back to.`;
    throw new Problem('generation-unknown', { detail, cause });
  }
}

function present({
  position,
  head,
  generation,
  failure,
  ...standing
}: Standing): z.infer<typeof ReadModelSchema> {
  return {
    ...standing,
    position: String(position),
    head: String(head),
    generation: generation ?? null,
    failure: failure ?? null,
  };
}

function presentGeneration(record: GenerationRecord): z.infer<typeof GenerationSchema> {
  const { number, state, shape, position, bytes, begunAt, promotedAt } = record;
  return {
    number,
    state,
    // The whole is a long text, and only whether two are equal matters.
    shape: hash('sha256', shape).slice(0, 12),
    position: String(position),
    bytes,
    beguntime: new Date(begunAt).toISOString(),
    promotedtime: promotedAt === undefined ? null : new Date(promotedAt).toISOString(),
  };
}
