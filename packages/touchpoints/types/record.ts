import { eventId, record as fieldsOf, prose } from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both } from '../wording.ts';

const target = eventId().describe('Event id of the record it speaks of; it may arrive before that record.');
/** Why, in a person's own words: other than the codes of other types it is personal. */
const reason = prose(2_000).describe('Why, in words.');

export const record: readonly TouchpointType[] = [
  defineType('record', 'record.corrected', {
    channel: 'web',
    stage: 'after-sale',
    clear: { target },
    personal: { replacement: fieldsOf({}).describe('The body as it should have been, whole.'), reason },
    required: ['target', 'replacement'],
    title: () => both('Record corrected', '更正记录'),
    summary: both('The body of an earlier record was put right.', '更正了先前记录的内容。'),
  }),
  defineType('record', 'record.retracted', {
    channel: 'web',
    stage: 'after-sale',
    clear: { target },
    personal: { reason },
    required: ['target'],
    title: () => both('Record retracted', '撤回记录'),
    summary: both(
      'An earlier record no longer holds. A retraction cannot be retracted: to restore, record again.',
      '先前的记录作废。撤回不可再撤回:如需恢复,请重新记录。',
    ),
  }),
];
