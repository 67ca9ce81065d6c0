import { z } from 'zod';
import { commonClear, commonPersonal } from './body.ts';
import { envelopeSchema } from './envelope.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { nearestNames } from './nearest.ts';
import { type KnownTypes, type ParseOptions, parseBody, parseTouchpoint } from './parse.ts';
import { type QuickSchema, quickCheckOf } from './quick-check.ts';
import { RecentCache } from './recent-cache.ts';
import type { Body, BodyResult, Line, ParseResult, Touchpoint } from './touchpoint.ts';
import type { TouchpointType } from './touchpoint-type.ts';
import { chainUpcasters, type Upcaster } from './upcaster.ts';

const MAX_REMEMBERED_TYPOS = 256;

/** Types of touchpoints in all their versions, and what can be asked of them. Immutable. */
export interface Catalogue {
  /** By full name, in the order of the catalogue. Old versions stay and are accepted. */
  readonly types: ReadonlyMap<string, TouchpointType>;

  /**
   * Checks one event (parsed JSON) and normalises its identifiers and references. All errors are collected, at
   * most 1,000. Never throws on JSON, leaves the input as it is; the touchpoint shares with it what was normal. Channel and stage are not filled in.
   */
  parse(input: unknown, options: ParseOptions): ParseResult;

  /**
   * Checks and normalises a body as that of an event of this type, whose customer is known. As `parse`; pointers of errors
   * begin at `/data`.
   */
  parseBody(type: string, data: unknown, options?: Pick<ParseOptions, 'defaultRegion'>): BodyResult;

  /** The body in the newest version of its type, through every version between. A newest or unknown type stays. */
  upcast(type: string, body: Body): { type: string; body: Body };

  /** At most three known names that look like the given one, nearest first. */
  nearest(type: string): readonly string[];

  /** Whether a key of the body is to be sealed. Keys and types nobody knows are. */
  isPersonal(type: string, key: string): boolean;

  /** One line in both languages, in the words of the newest version, without personal fields. */
  describe(touchpoint: Touchpoint): Line;

  /** JSON Schema (2020-12) of a whole event of this type; personal fields carry `x-personal: true`. */
  jsonSchema(type: string): Readonly<Record<string, unknown>> | undefined;
}

/** Throws when types or upcasters contradict each other. */
export function defineCatalogue(definition: {
  readonly types: readonly TouchpointType[];
  readonly upcasters?: readonly Upcaster[];
}): Catalogue {
  const types = byName(definition.types);
  const chain = chainUpcasters(definition.upcasters ?? [], (type) => types.has(type));
  const upcast = (type: string, body: Body) => follow(chain, type, body);
  const known = knownTypes(types);
  const schemas = new Map<string, Readonly<Record<string, unknown>>>();
  return {
    types,
    parse: (input, options) => parseTouchpoint(input, options, known),
    parseBody: (type, data, options = {}) => parseBody(type, data, options, known),
    upcast,
    nearest: known.nearest,
    isPersonal: (type, key) => !(types.get(type)?.clear.has(key) ?? false),
    describe: (touchpoint) => describe(touchpoint, types, upcast),
    jsonSchema(name) {
      const type = types.get(name);
      if (type !== undefined && !schemas.has(name)) schemas.set(name, jsonSchemaOf(type, envelopeSchema));
      return schemas.get(name);
    },
  };
}

function byName(types: readonly TouchpointType[]): ReadonlyMap<string, TouchpointType> {
  const named = new Map<string, TouchpointType>();
  for (const type of types) {
    if (named.has(type.type)) throw new Error(`${type.type} is defined twice`);
    named.set(type.type, type);
  }
  return named;
}

function follow(
  chain: ReadonlyMap<string, Upcaster>,
  type: string,
  body: Body,
): { type: string; body: Body } {
  let newest = { type, body };
  for (let step = chain.get(type); step !== undefined; step = chain.get(step.to)) {
    newest = { type: step.to, body: step.upcast(newest.body) };
  }
  return newest;
}

function describe(
  touchpoint: Touchpoint,
  types: ReadonlyMap<string, TouchpointType>,
  upcast: Catalogue['upcast'],
): Line {
  const { type: name, body } = upcast(touchpoint.type, touchpoint.data);
  const newest = name === touchpoint.type ? touchpoint : { ...touchpoint, type: name, data: body };
  return types.get(name)?.title(newest) ?? { en: touchpoint.type, zh: touchpoint.type };
}

/** Compiling the fields of a type takes milliseconds, so it is done when the first event of the type arrives. */
function knownTypes(types: ReadonlyMap<string, TouchpointType>): KnownTypes {
  const schemas = new Map<string | undefined, QuickSchema<Body>>();
  const typos = new RecentCache<readonly string[]>(MAX_REMEMBERED_TYPOS);
  const common = z.looseObject({ ...commonClear, ...commonPersonal }).partial() as unknown as z.ZodType<Body>;
  return {
    has: (type) => types.has(type),
    bodySchema(name) {
      const known = schemas.get(name);
      if (known !== undefined) return known;
      const schema = types.get(name ?? '')?.schema ?? common;
      const made = { schema, isRight: quickCheckOf(schema) };
      schemas.set(name, made);
      return made;
    },
    nearest(text) {
      const name = text.slice(0, 128);
      const near = typos.get(name) ?? nearestNames(name, types.keys());
      typos.set(name, near);
      return near;
    },
  };
}
