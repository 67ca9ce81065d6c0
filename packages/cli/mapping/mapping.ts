import { z } from 'zod';
import { RFC_3339 } from './rfc-3339.ts';

const text = z.string().min(1);
const column = text.describe('Name of a column of the input.');
const zone = text.describe('Time zone of the IANA data base: `UTC`, `Asia/Shanghai`, `America/New_York`.');

const timeOf = z
  .strictObject({
    column,
    format: text.describe(
      '`rfc3339` (carries its offset), `epoch-seconds`, `epoch-milliseconds`, or a pattern: `yyyy-MM-dd HH:mm:ss`, `d/M/yyyy h:mm a`.',
    ),
    zone: zone.optional().describe('Needed by patterns: the zone whose clocks the column shows.'),
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, 'must be a time of day such as 12:00')
      .optional()
      .describe('Time of day for a pattern without one.'),
    skipped: z
      .enum(['compatible', 'earlier', 'later', 'reject'])
      .optional()
      .describe(
        'For local times that a clock change skips or repeats; default `compatible`, as in Temporal.',
      ),
  })
  .describe('When it happened.');

/** Text with columns in braces, a constant, or an instruction (an object whose first key starts with `$`). */
const value = z.json();

/** Each text may be a template or an instruction that answers text. */
const textValue = z.union([text, z.record(z.string().startsWith('$').or(text), z.json())]);

export const mappingSchema = z
  .strictObject({
    $schema: z.string().optional(),
    description: z.string().optional(),
    input: z
      .strictObject({
        delimiter: z.string().min(1).max(4).optional().describe('Between the fields; default a comma.'),
        quote: z.string().length(1).optional().describe('Around fields that contain it; default ".'),
        encoding: text
          .optional()
          .describe('Name of the encoding: `utf-8` (default), `gb18030`, `windows-1252`, ...'),
        columns: z
          .array(text)
          .min(1)
          .optional()
          .describe('Names of the columns, for files without a header line.'),
      })
      .optional(),
    group: z
      .strictObject({
        by: z.array(column).min(1).describe('Lines that agree in these columns become one touchpoint.'),
        differing: z
          .enum(['reject', 'first'])
          .optional()
          .describe('When they differ in another column that is used once a touchpoint; default `reject`.'),
      })
      .optional(),
    lookups: z
      .record(
        z.string(),
        z.strictObject({
          file: text.describe('CSV file (or .csv.gz), relative to the first input file.'),
          key: column,
        }),
      )
      .optional(),
    event: z.strictObject({
      id: textValue,
      source: textValue,
      type: textValue,
      time: z.union([
        z.string().regex(RFC_3339, 'must be a time with offset, or say which column holds it'),
        timeOf,
      ]),
      department: textValue,
      subject: textValue.optional(),
      correlationid: textValue.optional(),
      causationid: textValue.optional(),
      data: z.record(z.string(), value).optional(),
    }),
  })
  .describe('How the lines of a CSV file, or any JSON objects, become touchpoints.');

export type Mapping = z.infer<typeof mappingSchema>;
export type TimeMapping = z.infer<typeof timeOf>;
