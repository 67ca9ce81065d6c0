import { z } from 'zod';
import { choice, code, label, listOf, measure, money, prose, record, staff } from './fields.ts';
import { IDENTIFIER_EXAMPLES, MAX_IDENTIFIER_LENGTH } from './identifier.ts';
import { CHANNELS, DIRECTIONS, STAGES } from './touchpoint.ts';

export const MAX_IDENTIFIERS = 16;
export const MAX_REFERENCES = 32;

export const REFERENCE_DETAIL = 'must be a reference <kind>:<system>:<id>, e.g. order:shop:8891';

export const identifierText = () => uriText(`must be an identifier such as ${IDENTIFIER_EXAMPLES}`);

const uriText = (error: string) =>
  z
    .string({ error })
    .max(MAX_IDENTIFIER_LENGTH, { error: `must have at most ${MAX_IDENTIFIER_LENGTH} characters` });

/** Fields every touchpoint may carry and that stay clear. */
export const commonClear = {
  direction: choice(DIRECTIONS).describe('Who started it: inbound is the customer.'),
  channel: choice(CHANNELS).describe('The way it came; the type has a default.'),
  agent: staff(),
  reason: code().describe('Why, as a controlled code: delivery.late, quote.request.'),
  about: listOf(uriText(REFERENCE_DETAIL), MAX_REFERENCES).describe(
    'Business objects it concerns: order:shop:8891.',
  ),
  stage: choice(STAGES).describe('Where in the life of the purchase; the type has a default.'),
  sentiment: z
    .looseObject(
      { value: measure(-1, 1), by: label().optional().describe('Who or what judged it.') },
      { error: 'must be an object with a value from -1 to 1' },
    )
    .describe('How the customer felt, from -1 to 1.'),
  cost: money().describe('What serving this touchpoint cost.'),
};

/** Fields every touchpoint may carry and that are sealed. */
export const commonPersonal = {
  customer: record({
    identifiers: listOf(identifierText(), MAX_IDENTIFIERS).describe(
      'Further identifiers seen on this touchpoint.',
    ),
    name: label(512).describe('Name as given; never used to identify.'),
  }).describe('The customer, as far as this touchpoint shows.'),
  description: prose().describe('Free text.'),
};
