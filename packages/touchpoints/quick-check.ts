import { z } from 'zod';

/** Whether a value is as its schema wants it. */
export type QuickCheck = (value: unknown) => boolean;

/** A schema that only checks, and the quick way to its verdict. */
export interface QuickSchema<Value> {
  /** Says what is wrong, and at which place. */
  readonly schema: z.ZodType<Value>;
  readonly isRight: QuickCheck;
}

/** By definition of the schema: one that was only given another description is checked by the same function. */
const made = new WeakMap<object, QuickCheck>();

/**
 * The verdict of a schema that only checks, without what zod makes on the way. It looks at the fields that are there: a
 * type knows thirty, an event has five of them. Nothing is copied.
 */
export function quickCheckOf(schema: z.ZodType): QuickCheck {
  const known = made.get(schema.def);
  if (known !== undefined) return known;
  const check = makeCheck(schema);
  made.set(schema.def, check);
  return check;
}

function makeCheck(schema: z.ZodType): QuickCheck {
  if (schema instanceof z.ZodOptional) return orMissing(quickCheckOf(schema.unwrap() as z.ZodType));
  if (schema instanceof z.ZodObject && isOpen(schema)) return checkOfFields(schema);
  if (schema instanceof z.ZodArray) return checkOfEntries(schema);
  const compiled = z.compile(schema);
  return (value) => z.validate(compiled, value);
}

function orMissing(check: QuickCheck): QuickCheck {
  return (value) => value === undefined || check(value);
}

/** Whether unknown fields are let through and nothing is asked of the object as a whole. */
function isOpen({ def }: z.ZodObject): boolean {
  return def.catchall?._zod.def.type === 'unknown' && (def.checks ?? []).length === 0;
}

function checkOfFields({ shape }: z.ZodObject): QuickCheck {
  const fields = Object.entries(shape) as [string, z.ZodType][];
  const checks = new Map(fields.map(([key, field]) => [key, quickCheckOf(whenThere(field))] as const));
  const required = fields.filter(([, field]) => !quickCheckOf(field)(undefined)).map(([key]) => key);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const members = value as Readonly<Record<string, unknown>>;
    for (const key in members) {
      const check = checks.get(key);
      if (check !== undefined && members[key] !== undefined && !check(members[key])) return false;
    }
    for (let at = 0; at < required.length; at++) {
      if (members[required[at] as string] === undefined) return false;
    }
    return true;
  };
}

/** Whether a field is there is asked before it is checked. */
function whenThere(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodOptional ? whenThere(field.unwrap() as z.ZodType) : field;
}

function checkOfEntries(schema: z.ZodArray): QuickCheck {
  const check = quickCheckOf(schema.element as z.ZodType);
  const checks = (schema.def.checks ?? []) as z.core.$ZodCheck<unknown[]>[];
  const size = z.compile(z.array(z.unknown()).check(...checks));
  return (value) => {
    if (!z.validate(size, value)) return false;
    for (let at = 0; at < value.length; at++) if (!check(value[at])) return false;
    return true;
  };
}
