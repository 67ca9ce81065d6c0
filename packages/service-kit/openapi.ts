import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifySchema } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import type { RouteDocumentation } from './service.ts';

type Transform = typeof jsonSchemaTransform;

const ProblemDocument = z
  .object({
    type: z.string().describe('urn:touchline:problem:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    instance: z.string().describe('Names this occurrence; the log has it as `request`'),
    errors: z
      .array(
        z.object({
          pointer: z.string().describe('JSON pointer (RFC 6901)'),
          detail: z.string(),
          in: z.enum(['body', 'query', 'path', 'header']).optional(),
          code: z.string().optional(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457)' });

const PROBLEM_ANSWER = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: ProblemDocument } },
};

/** Describes every route in OpenAPI 3.1 at `/openapi.json`, from the same zod schemas, and shows it at `/docs`. */
export const openApi = fastifyPlugin<{
  title: string;
  tags: readonly { name: string; description: string }[];
}>(async (app, { title, tags }) => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title,
        version: '1',
        description: 'Every customer touchpoint in one log, one timeline for every department.',
      },
      tags: [...tags, { name: 'operations', description: 'Health and measures' }],
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: describeRoute,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } as FastifySchema }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    reply.type('application/json; charset=utf-8').send(text);
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    theme: { title },
    uiConfig: { layout: 'BaseLayout' },
  });
});

type Document = ReturnType<typeof jsonSchemaTransformObject> & { components?: { schemas?: object } };

/** Every named schema comes in two forms, for input and for output; most are used in one. */
function withoutUnused(document: Document): Document {
  const text = JSON.stringify(document);
  const isUsed = (name: string) => text.includes(`"#/components/schemas/${name}"`);
  const named = Object.entries(document.components?.schemas ?? {});
  const schemas = Object.fromEntries(named.filter(([name]) => isUsed(name)));
  return { ...document, components: { ...document.components, schemas } } as Document;
}

/** What a route documents beside its schema goes first; every route may answer a problem. */
const describeRoute: Transform = (document) => {
  const { config } = document.route;
  const documentation: RouteDocumentation = config?.documentation ?? {};
  const { body, ...rest } = documentation;
  const schema = { ...document.schema, ...rest } as FastifySchema;
  const response = (schema.response ?? {}) as Record<string, unknown>;
  const documented = { ...schema, response: { ...response, default: PROBLEM_ANSWER } };
  const described = jsonSchemaTransform({ ...document, schema: documented } as Parameters<Transform>[0]);
  const security = config?.access === 'public' ? { security: [] } : {};
  return {
    ...described,
    schema: {
      ...described.schema,
      ...security,
      ...(body === undefined ? {} : { body: describeBody(body) }),
    } as FastifySchema,
  };
};

function describeBody(body: NonNullable<RouteDocumentation['body']>): unknown {
  const content = Object.entries(body).map(([mediaType, { schema }]) => [
    mediaType,
    { schema: z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }) },
  ]);
  return { content: Object.fromEntries(content) };
}
