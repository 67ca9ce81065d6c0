import { z } from 'zod';
import { commonClear, commonPersonal } from './body.ts';
import type { Body, Channel, Line, Stage, Touchpoint } from './touchpoint.ts';

export const GROUPS = [
  'contact',
  'sales',
  'delivery',
  'finance',
  'service',
  'promise',
  'feedback',
  'party',
  'record',
] as const;
export type Group = (typeof GROUPS)[number];

/** One version of one kind of touchpoint. */
export interface TouchpointType {
  /** Full name: `touchline.order.placed.v1`. */
  readonly type: string;
  readonly group: Group;
  /** Holds when the body names no channel. */
  readonly channel: Channel;
  /** Holds when the body names no stage. */
  readonly stage: Stage;
  /** Of the body. Checks only; keeps unknown fields. */
  readonly schema: z.ZodType<Body>;
  /** Keys of the body that are sealed. So are those the schema does not know. */
  readonly personal: ReadonlySet<string>;
  /** Keys of the body that stay clear: all others are sealed. */
  readonly clear: ReadonlySet<string>;
  /** One line about a touchpoint of this type. Reads clear fields only, so it survives an erasure. */
  title(touchpoint: Touchpoint): Line;
  /** What the type stands for. */
  readonly summary: Line;
}

type Fields = Readonly<Record<string, z.ZodType>>;

/** What a title can read: the clear fields, each of which may be missing. */
type Values<F extends Fields> = { readonly [Field in keyof F]?: z.output<F[Field]> | undefined };

export interface TypeDefinition<Clear extends Fields, Personal extends Fields> {
  readonly channel: Channel;
  readonly stage: Stage;
  readonly clear: Clear;
  readonly personal?: Personal;
  /** Fields without which the fact says nothing. All others are optional. */
  readonly required?: readonly (keyof Clear | keyof Personal)[];
  readonly title: (body: Values<Clear & typeof commonClear>) => Line;
  readonly summary: Line;
}

/**
 * Defines version `version` of `<thing>.<happened>`. A field marked personal here is so even if it is clear in
 * other types.
 */
export function defineType<Clear extends Fields, Personal extends Fields>(
  group: Group,
  name: string,
  definition: TypeDefinition<Clear, Personal>,
  version = 1,
): TouchpointType {
  const { channel, stage, summary, title } = definition;
  const fields: Fields = { ...commonClear, ...definition.clear, ...commonPersonal, ...definition.personal };
  const personal = new Set(Object.keys({ ...commonPersonal, ...definition.personal }));
  return {
    type: `touchline.${name}.v${version}`,
    group,
    channel,
    stage,
    schema: bodySchema(fields, new Set((definition.required ?? []).map(String))),
    personal,
    clear: new Set(Object.keys(fields).filter((field) => !personal.has(field))),
    title: (touchpoint) => title(touchpoint.data as Values<Clear & typeof commonClear>),
    summary,
  };
}

function bodySchema(fields: Fields, required: ReadonlySet<string>): z.ZodType<Body> {
  const entries = Object.entries(fields);
  const shape = Object.fromEntries(
    entries.map(([key, schema]) => [key, required.has(key) ? schema : schema.optional()]),
  );
  return z.looseObject(shape, { error: BODY_DETAIL }) as unknown as z.ZodType<Body>;
}

export const BODY_DETAIL = 'must be an object: the body of the event';
