import { type App, listOf, Problem } from '@touchline/service-kit';
import type { Catalogue, TouchpointType } from '@touchline/touchpoints';
import { z } from 'zod';

type Types = Pick<Catalogue, 'types' | 'jsonSchema' | 'nearest'>;

const Line = z.object({ en: z.string(), zh: z.string() });

const Field = z.object({
  name: z.string(),
  /** Sealed; gone after an erasure. */
  personal: z.boolean(),
  required: z.boolean(),
  description: z.string().optional(),
});

const EventType = z
  .object({
    type: z.string().describe('Name and major version'),
    group: z.string(),
    summary: Line,
    channel: z.string().describe('Holds when the body names none'),
    stage: z.string().describe('Holds when the body names none'),
    fields: z.array(Field).describe('Of the body; others are kept, and are personal'),
    schema: z.record(z.string(), z.unknown()).describe('JSON Schema (2020-12) of a whole event'),
  })
  .meta({ id: 'EventType' });

type EventTypeAnswer = z.infer<typeof EventType>;

/** The catalogue for producers. It never changes while the process runs, so each answer is written once. */
export function eventTypeRoutes(app: App, catalogue: Types): void {
  let all: string | undefined;
  const schema = { summary: 'Every type of touchpoint' };
  const config = { documentation: { response: { 200: listOf(EventType) } } };
  app.get('/v1/event-types', { schema, config }, (_request, reply) => {
    const types = [...catalogue.types.values()];
    all ??= JSON.stringify({ items: types.map((type) => answerFor(type, catalogue)), next: null });
    return reply.type('application/json; charset=utf-8').send(all);
  });
  const one = {
    summary: 'One type of touchpoint',
    params: z.object({ type: z.string() }),
    response: { 200: EventType },
  };
  app.get('/v1/event-types/:type', { schema: one }, async (request) => {
    const type = catalogue.types.get(request.params.type);
    if (type !== undefined) return answerFor(type, catalogue);
    const near = catalogue.nearest(request.params.type);
    throw new Problem(
      'unknown-event-type',
      near.length === 0 ? {} : { detail: `Nearest: ${near.join(', ')}.` },
    );
  });
}

function answerFor(type: TouchpointType, catalogue: Types): EventTypeAnswer {
  const schema = catalogue.jsonSchema(type.type) ?? {};
  const { type: name, group, summary, channel, stage } = type;
  return { type: name, group, summary, channel, stage, fields: fieldsIn(schema), schema };
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly 'x-personal'?: boolean;
}

function fieldsIn(schema: ObjectSchema): EventTypeAnswer['fields'] {
  const body = schema.properties?.data;
  return Object.entries(body?.properties ?? {}).map(([name, field]) => ({
    name,
    personal: field['x-personal'] === true,
    required: body?.required?.includes(name) === true,
    ...(field.description === undefined ? {} : { description: field.description }),
  }));
}
