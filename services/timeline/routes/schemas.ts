import { listOf, PositionText } from '@touchline/service-kit';
import { z } from 'zod';

const MAX_IDENTIFIER_LENGTH = 512;
const MAX_QUESTION_LENGTH = 200;

export const CustomerId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'must be a customer id: 24 lower-case hex digits')
  .describe('Customer id; a superseded one answers 308 with the current one');

export const EventId = z.uuid('must be an event id, a UUID').describe('Event id, from the receipt');

const IDENTIFIER_ERROR = `must be one identifier of 1 to ${MAX_IDENTIFIER_LENGTH} characters`;

export const IdentifierText = z
  .string(IDENTIFIER_ERROR)
  .min(1, IDENTIFIER_ERROR)
  .max(MAX_IDENTIFIER_LENGTH, IDENTIFIER_ERROR)
  .describe('Identifier URI, e.g. tel:+8613800138000, mailto:li.lei@example.com, account:shop:8891');

const MANY_ERROR = 'must be at most 50 values of at most 200 characters, separated by commas';

/** A comma-separated list, or the parameter repeated. */
const Many = z
  .union([z.string().max(2_000), z.array(z.string().max(200)).max(50)], MANY_ERROR)
  .transform((value) =>
    (Array.isArray(value) ? value : value.split(',')).map((part) => part.trim()).filter(Boolean),
  )
  .pipe(z.array(z.string()).max(50, MANY_ERROR))
  .default([]);

const Instant = z.iso
  .datetime({ offset: true, message: 'must be RFC 3339 with an offset, e.g. 2026-11-22T09:30:00+08:00' })
  .transform((text) => Date.parse(text));

const ASOF_ERROR =
  'must be a position, a decimal number, or RFC 3339 with an offset, e.g. 2026-11-22T09:30:00+08:00';

/** What was known at a position or a time. */
const AsOfText = z
  .union(
    [PositionText.transform((text) => ({ position: BigInt(text) })), Instant.transform((time) => ({ time }))],
    ASOF_ERROR,
  )
  .describe(
    'What was known at a position, or with the last one recorded at or before a time: without later touchpoints, corrections, retractions, links and decisions',
  );

export const AsOfQuery = z.strictObject({ asof: AsOfText.optional() });

/** Where nothing can be asked for. */
export const NoQuery = z.strictObject({});

function upTo(max: number) {
  const error = `must be a whole number from 1 to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(max, { error });
}

function words(min: number) {
  const error = `must be one text of ${min} to ${MAX_QUESTION_LENGTH} characters`;
  return z.string(error).min(min, error).max(MAX_QUESTION_LENGTH, error);
}

const CursorText = z
  .string('must be one cursor')
  .max(500, 'is not a cursor of this list')
  .optional()
  .describe('`next` of the page before');

/** What a question does not know it refuses: to leave out a filter would answer more than was asked for. */
export const TimelineQuery = z.strictObject({
  limit: upTo(500).default(50),
  cursor: CursorText,
  order: z.enum(['desc', 'asc'], 'must be desc or asc').default('desc').describe('desc: latest first'),
  type: Many.describe('Types, with or without `touchline.` and `.v1`; several separated by commas'),
  channel: Many,
  department: Many,
  from: Instant.optional().describe('Happened at or after'),
  to: Instant.optional().describe('Happened before'),
  q: words(0).optional().describe('Words the entry must hold, in any script'),
  asof: AsOfText.optional(),
  include: z
    .enum(['retracted'], 'must be left out or be: retracted')
    .optional()
    .describe('`retracted`: also entries that were retracted'),
});

export const CustomersQuery = z
  .strictObject({
    identifier: IdentifierText.optional(),
    recent: upTo(100).optional().describe('Customers touched last'),
    limit: upTo(100).default(50).describe('Of those that the identifier leads to'),
    cursor: CursorText,
    asof: AsOfText.optional(),
  })
  .refine((query) => (query.identifier === undefined) !== (query.recent === undefined), {
    error: 'give either identifier or recent',
  })
  .refine((query) => query.recent === undefined || query.cursor === undefined, {
    error: 'recent is one page: give no cursor with it',
  });

export const ChangesQuery = z.strictObject({
  after: PositionText.default('0').describe('`next` or `through` of the page before; 0 for all customers'),
  limit: upTo(1_000).default(200).describe('Changes of a page, about: one position is never divided'),
});

export const SearchQuery = z.strictObject({ q: words(1), limit: upTo(100).default(20) });

const Title = z.object({ en: z.string(), zh: z.string() });
const ByWhom = z.object({
  eventid: z.string(),
  position: z.string(),
  time: z.string(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});

/** Documents what is sent as ready-made text. */
export const EntrySchema = z
  .object({
    eventid: z.string(),
    position: z.string(),
    time: z.string(),
    recordedtime: z.string(),
    source: z.string(),
    id: z.string(),
    type: z.string(),
    channel: z.string(),
    department: z.string(),
    stage: z.string().optional(),
    direction: z.string().optional(),
    agent: z.unknown().optional(),
    reason: z.string().optional(),
    description: z.string().optional(),
    about: z.array(z.string()).readonly(),
    title: Title,
    data: z.record(z.string(), z.unknown()),
    corrected: ByWhom.optional().describe('The correction whose `data` this is'),
    retracted: ByWhom.optional().describe('It no longer holds'),
    late: z.literal(true).optional().describe('Recorded more than a day after it happened'),
    erased: z.literal(true).optional().describe('Its personal fields were erased'),
  })
  .meta({ id: 'Entry' });

export const EntryQuery = z.strictObject({
  limit: upTo(100).default(20).describe('Corrections of a page; fewer come where they are large'),
  cursor: CursorText,
  asof: AsOfText.optional(),
});

/** One entry with everything that was said about it since. */
export const AmendedEntrySchema = EntrySchema.extend({
  customerid: z.string(),
  identifier: z
    .string()
    .nullable()
    .describe('What its data subject is named by: an identifier, or a reference; null once it was erased'),
  original: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('`data` as it was first recorded, where it was corrected'),
  corrections: listOf(
    ByWhom.extend({
      data: z
        .record(z.string(), z.unknown())
        .nullable()
        .describe('As it should have been, whole; null where it was erased'),
    }),
  ).describe('The one made last first: its `data` counts'),
}).meta({ id: 'AmendedEntry' });

export const CustomerSchema = z
  .object({
    customerid: z.string(),
    name: z.string().nullable(),
    identifiers: z
      .array(z.object({ identifier: z.string(), kind: z.string(), shared: z.boolean() }))
      .readonly(),
    first: z.string().nullable(),
    last: z.string().nullable(),
    counts: z.record(z.string(), z.int()).describe('Touchpoints by type'),
    mergedfrom: z.array(z.string()).readonly(),
    candidates: z
      .array(z.string())
      .readonly()
      .describe('Customers this one may be, where it bears a shared identifier'),
  })
  .meta({ id: 'Customer' });

export const CustomerChangesSchema = z
  .object({
    items: z.array(
      z.object({
        customerid: z.string(),
        subjects: z
          .array(z.string())
          .readonly()
          .describe('Data subjects, and identifiers without touchpoints of their own; none when superseded'),
        supersededby: z.string().optional().describe('The customer this id stands for now'),
        more: z.literal(true).optional().describe('There are more data subjects than are listed'),
        position: z.string().describe('Of its last change'),
      }),
    ),
    next: z.string().nullable().describe('`after` of the following page, null on the last'),
    through: z.string().describe('Every change up to here is told'),
    settled: z
      .string()
      .describe('What is parked lies after this position, and changes customers there when it is folded'),
    parked: z.int().describe('Events that are held back'),
  })
  .meta({ id: 'CustomerChanges' });

export const LastEventId = z
  .string()
  .regex(/^\d{1,19}$/, 'must be the id of an event of this stream')
  .describe('Where to go on');

export const SearchSchema = z.object({
  customers: z
    .array(
      z.object({
        customerid: z.string(),
        name: z.string().nullable(),
        identifiers: z.array(z.string()).readonly(),
        fragment: z.string(),
      }),
    )
    .readonly(),
  entries: z
    .array(
      z.object({
        customerid: z.string(),
        name: z.string().nullable(),
        entry: EntrySchema as z.ZodType<unknown>,
        fragment: z.string(),
      }),
    )
    .readonly(),
});

const Evidence = z.object({ position: z.string(), eventid: z.string() });
const Decided = Evidence.extend({
  by: z.string().nullable(),
  reason: z.string().nullable(),
  time: z.string(),
});

export const IdentitySchema = z.object({
  customerid: z.string(),
  identifiers: z.array(
    z.object({
      subject: z.string(),
      kind: z.string(),
      identifier: z.string().nullable(),
      shared: z.enum(['declared', 'detected']).nullable(),
    }),
  ),
  links: z
    .array(Evidence.extend({ identifiers: z.array(z.string()).readonly() }))
    .describe('Seen together on the event named'),
  ties: z
    .array(Evidence.extend({ reference: z.string(), identifiers: z.array(z.string()).readonly() }))
    .describe('Joined by a business object'),
  decisions: z.array(
    Decided.extend({
      kind: z.string(),
      active: z.boolean(),
      parties: z.array(z.string()).readonly(),
      undone: Decided.nullable(),
    }),
  ),
  reviews: z
    .array(
      Evidence.extend({
        why: z.string(),
        detail: z.array(z.string()).readonly(),
        identifiers: z.array(z.string()).readonly(),
      }),
    )
    .describe('What the machine refused to join: for a person to decide'),
});

export const DecisionSchema = z.object({
  kind: z.string(),
  active: z.boolean().describe('Not undone'),
  parties: z.array(z.string()).readonly().describe('Customer ids'),
});
