import { z } from 'zod';
import { isDay, parseTime } from './time.ts';

/**
 * The building blocks of schemas. Each says in one phrase what is right; the phrase is what a producer reads when
 * a value is refused, and the field's description in the JSON schema. Every schema only checks: none changes a value.
 */

export const MAX_TEXT_LENGTH = 65_536;
export const MAX_ITEMS = 2_000;
const MAX_LIST_ENTRIES = 100;

/** Spelt without `\p{}`: the pattern is published in JSON schemas, and not every reader's dialect knows those. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it keeps out
const ONE_LINE = /^[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;
const CODE = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const DECIMAL = /^-?\d{1,15}(?:\.\d{1,6})?$/;
const CURRENCY = /^[A-Z]{3}$/;
const CUSTOMER_ID = /^[0-9a-f]{24}$/;
const EVENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Schemas do not change, so one serves everywhere: making a thousand would take longer than starting the process. */
function once<Schema>(make: () => Schema): () => Schema {
  let made: Schema | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A short text on one line, clear of control characters: numbers, names of things, grades. */
export const label = (max = 128) => {
  const known = labels.get(max);
  if (known !== undefined) return known;
  const error = `must be a text on one line of 1 to ${max} characters`;
  const made = z
    .string({ error })
    .max(max, { error })
    .regex(ONE_LINE, { error })
    .describe(asDescription(error));
  labels.set(max, made);
  return made;
};

const labels = new Map<number, z.ZodString>();

/** Free text of any number of lines. */
export const prose = (max = MAX_TEXT_LENGTH) => {
  const error = `must be a text of 1 to ${max} characters`;
  return z.string({ error }).min(1, { error }).max(max, { error }).describe(asDescription(error));
};

const formatted = (error: string, pattern: RegExp, max: number) =>
  z.string({ error }).max(max, { error }).regex(pattern, { error }).describe(asDescription(error));

export const code = once(() =>
  formatted('must be a code of lower-case words and digits joined by dots, e.g. delivery.late', CODE, 100),
);

export const customerId = once(() =>
  formatted('must be a customer id of 24 lower-case hex digits', CUSTOMER_ID, 24),
);

export const eventId = once(() =>
  formatted('must be an event id as the receipt gave it: a UUID in lower case', EVENT_ID, 36),
);

export const moment = once(() => {
  const error = 'must be RFC 3339 with an offset, e.g. 2026-11-22T09:30:00+08:00';
  return z
    .string({ error })
    .refine((text) => parseTime(text) !== undefined, { error })
    .describe(asDescription(error));
});

export const day = once(() => {
  const error = 'must be a day, e.g. 2026-11-22';
  return z.string({ error }).refine(isDay, { error }).describe(asDescription(error));
});

export const dayOrMoment = once(() => {
  const error = 'must be a day, e.g. 2026-11-22, or RFC 3339 with an offset, e.g. 2026-11-22T09:30:00+08:00';
  return z
    .string({ error })
    .refine((text) => isDay(text) || parseTime(text) !== undefined, { error })
    .describe(asDescription(error));
});

const amountBetween = (error: string, min: number, max: number) =>
  z.number({ error }).min(min, { error }).max(max, { error }).describe(asDescription(error));

/** A number with or without fraction from `min` to `max`. */
export const measure = (min: number, max: number) =>
  amountBetween(`must be a number from ${min} to ${max}`, min, max);

export const count = (min = 0) => {
  const error = `must be a whole number from ${min}`;
  return z.int({ error }).min(min, { error }).describe(asDescription(error));
};

export const quantity = once(() => amountBetween('must be a number from 0', 0, Number.MAX_VALUE));
export const seconds = once(() =>
  amountBetween('must be a number of seconds from 0', 0, Number.MAX_SAFE_INTEGER),
);
export const percent = once(() => amountBetween('must be a number of percent from 0 to 100', 0, 100));

export const flag = once(() => z.boolean({ error: 'must be true or false' }));

export const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

export const listOf = <Entry extends z.ZodType>(entry: Entry, max = MAX_LIST_ENTRIES, min = 0) => {
  const error = `must be a list of ${min === max ? min : `at most ${max}`} entries`;
  return z.array(entry, { error }).min(min, { error }).max(max, { error });
};

/** An object whose named fields are all optional and that may carry others. */
export const record = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.looseObject(fields, { error: 'must be an object' }).partial();

export const money = once(() =>
  z
    .looseObject(
      {
        amount: formatted('must be a decimal number in a string, e.g. "420.00"', DECIMAL, 24),
        currency: formatted('must be three upper-case letters of ISO 4217, e.g. CNY', CURRENCY, 3),
      },
      { error: 'must be an amount of money, e.g. {"amount": "420.00", "currency": "CNY"}' },
    )
    .describe('An amount of money.'),
);

/** Lines of an order, a shipment, a bill. */
export const items = once(() =>
  listOf(
    record({
      sku: label().describe('Article number.'),
      name: label(512).describe('What the article is called.'),
      quantity: quantity(),
      unit: label(32).describe('What is counted; pieces when it is left out.'),
      amount: money().describe('For the whole line.'),
    }),
    MAX_ITEMS,
  ),
);

/** A member of staff. */
export const staff = once(() => record({ id: label(), name: label(256) }).describe('A member of staff.'));

/** A postal address. Always personal. */
export const address = once(() =>
  record({
    name: label(256),
    lines: listOf(label(512), 10),
    district: label(256),
    city: label(256),
    state: label(256),
    postalCode: label(32),
    country: label(64),
  }).describe('A postal address.'),
);

function asDescription(error: string): string {
  return `${error.charAt(0).toUpperCase()}${error.slice(1)}.`;
}
