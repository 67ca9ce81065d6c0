import { z } from 'zod';

const template = z.string();
const number = { scale: z.int().min(0).max(20).optional(), round: z.boolean().optional() };

/** Every instruction by its key, with what else it may say. */
export const INSTRUCTIONS = {
  $integer: z.strictObject({ $integer: template }).describe('A whole number.'),
  $number: z.strictObject({ $number: template }).describe('A JSON number.'),
  $decimal: z
    .strictObject({ $decimal: template, ...number })
    .describe('An exact decimal as text, with `scale` digits; more digits are rejected unless `round`.'),
  $boolean: z
    .strictObject({
      $boolean: template,
      true: z.array(z.string()).min(1).optional(),
      false: z.array(z.string()).min(1).optional(),
    })
    .describe('Texts that mean true or false; default true/yes/y/1 and false/no/n/0, in any case.'),
  $time: z
    .strictObject({
      $time: z.string().describe('Name of the column.'),
      format: z.string(),
      zone: z.string().optional(),
      at: z.string().optional(),
      skipped: z.enum(['compatible', 'earlier', 'later', 'reject']).optional(),
    })
    .describe('A time as RFC 3339 text, as `event.time`.'),
  $case: z
    .strictObject({ $case: template, of: z.record(z.string(), z.json()), otherwise: z.json().optional() })
    .describe('Another value for each text; without `otherwise`, an unknown text is rejected.'),
  $firstOf: z.strictObject({ $firstOf: z.array(z.json()).min(1) }).describe('The first that is not empty.'),
  $lookup: z
    .strictObject({ $lookup: z.string(), key: template, value: template })
    .describe('Columns of another file, by key; nothing when the key is not there.'),
  $each: z.strictObject({ $each: z.json() }).describe('A list with one value for each line.'),
  $sum: z
    .strictObject({ $sum: template, ...number })
    .describe('Exact sum over the lines; empty ones count nothing.'),
  $count: z.strictObject({ $count: z.literal('lines') }).describe('How many lines there are.'),
} as const;

export type InstructionName = keyof typeof INSTRUCTIONS;
export type Instruction<Name extends InstructionName> = z.infer<(typeof INSTRUCTIONS)[Name]>;
