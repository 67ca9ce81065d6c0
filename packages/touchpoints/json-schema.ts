import { z } from 'zod';
import { isPersonalAttribute } from './touchpoint.ts';
import type { TouchpointType } from './touchpoint-type.ts';

type JsonSchema = Record<string, unknown>;

/** JSON Schema of a whole event of one type. `subject` and the personal fields of the body carry `x-personal`. */
export function jsonSchemaOf(type: TouchpointType, envelope: z.ZodType): JsonSchema {
  const { $schema, ...event } = z.toJSONSchema(envelope);
  const { $schema: _, ...body } = z.toJSONSchema(type.schema);
  const attributes = event.properties as Record<string, JsonSchema>;
  return {
    $schema,
    title: type.type,
    description: type.summary.en,
    ...event,
    properties: {
      ...marked(attributes, isPersonalAttribute),
      type: { ...attributes.type, const: type.type },
      data: {
        ...body,
        properties: marked(body.properties as Record<string, JsonSchema>, (key) => type.personal.has(key)),
      },
    },
    required: [...((event.required as string[] | undefined) ?? []), 'data'],
  };
}

function marked(
  properties: Readonly<Record<string, JsonSchema>>,
  isPersonal: (key: string) => boolean,
): Record<string, JsonSchema> {
  const entries = Object.entries(properties);
  return Object.fromEntries(
    entries.map(([key, schema]) => [key, isPersonal(key) ? { ...schema, 'x-personal': true } : schema]),
  );
}
