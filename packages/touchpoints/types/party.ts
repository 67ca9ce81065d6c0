import { identifierText, MAX_IDENTIFIERS } from '../body.ts';
import { address, choice, count, customerId, day, eventId, label, listOf, prose, record } from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, line, named } from '../wording.ts';

const MAX_SUBJECTS = 1_000;

const partyText = () => identifierText().describe('An identifier, or a customer id of 24 hex digits.');
const pair = listOf(partyText(), 2, 2).describe('The two customers.');
/** Why, in a person's own words: other than the codes of other types it is personal. */
const reason = prose(2_000).describe('Why, in words.');

export const party: readonly TouchpointType[] = [
  defineType('party', 'customer.registered', {
    channel: 'web',
    stage: 'pre-sale',
    clear: {
      kind: choice(['person', 'household', 'organisation']),
      segment: label().describe('Group of customers it is served with.'),
      origin: label(256).describe('How they came to us.'),
      campaign: label(),
      registeredOn: day(),
    },
    personal: {
      address: address(),
      birthday: day(),
      company: label(512),
      position: label(256),
      attributes: record({}).describe('Whatever else is known: household size, income band, habits.'),
      referredBy: label(512).describe('Identifier of who recommended us.'),
    },
    title: (body) =>
      line(
        both('Customer registered', '客户注册'),
        named('segment', '客群', body.segment),
        named('from', '来源', body.origin),
      ),
    summary: both('Somebody became known as a customer.', '客户建档或注册。'),
  }),
  defineType('party', 'party.merged', {
    channel: 'web',
    stage: 'after-sale',
    clear: {},
    personal: { parties: pair, reason },
    required: ['parties'],
    title: () => both('Customers merged', '合并客户'),
    summary: both('A person decided that two customers are one.', '人工判定两个客户为同一客户。'),
  }),
  defineType('party', 'party.unmerged', {
    channel: 'web',
    stage: 'after-sale',
    clear: { decision: eventId().describe('The decision that is undone.') },
    personal: {
      parties: listOf(partyText(), 2, 1).describe('Those the undone decision spoke of.'),
      reason,
    },
    required: ['decision', 'parties'],
    title: () => both('Decision about customers undone', '撤销客户判定'),
    summary: both('A person took back a decision about who is who.', '人工撤销了有关客户身份的判定。'),
  }),
  defineType('party', 'party.nomerge-declared', {
    channel: 'web',
    stage: 'after-sale',
    clear: {},
    personal: { parties: pair, reason },
    required: ['parties'],
    title: () => both('Customers declared different', '判定为不同客户'),
    summary: both('A person decided that two customers are not one.', '人工判定两个客户不是同一客户。'),
  }),
  defineType('party', 'identifier.marked-shared', {
    channel: 'web',
    stage: 'after-sale',
    clear: {},
    personal: { identifier: identifierText().describe('Links nobody from now on.'), reason },
    required: ['identifier'],
    title: () => both('Identifier marked as shared', '标记共用标识'),
    summary: both('A person decided that several people share an identifier.', '人工判定某标识由多人共用。'),
  }),
  defineType('party', 'customer.erased', {
    channel: 'web',
    stage: 'after-sale',
    clear: {
      parties: listOf(customerId(), MAX_IDENTIFIERS, 1).describe(
        'Customer ids only: it must bring nothing personal back.',
      ),
      subjects: listOf(customerId(), MAX_SUBJECTS).describe('Data subjects whose keys were destroyed.'),
      keys: count().describe('How many keys were destroyed.'),
    },
    personal: { reason },
    required: ['parties'],
    title: () => both('Customer erased', '删除客户数据'),
    summary: both(
      'The personal fields of a customer were made unreadable for ever.',
      '客户的个人信息已永久无法读取。',
    ),
  }),
];
