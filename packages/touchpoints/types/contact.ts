import {
  address,
  code,
  count,
  dayOrMoment,
  flag,
  items,
  label,
  listOf,
  money,
  prose,
  record,
  seconds,
} from '../fields.ts';
import type { Channel, Direction, Line } from '../touchpoint.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import {
  both,
  channelName,
  counted,
  dated,
  duration,
  during,
  idOf,
  line,
  named,
  numbered,
  pieces,
  price,
} from '../wording.ts';

const attachmentCount = count().describe('Number of attachments.');
const attachments = listOf(
  record({ name: label(512), mediatype: label(), bytes: count(), url: prose(2_048) }),
);
const callId = label().describe('Id of the call in the telephone system.');
const number = label(64).describe('Number of the other party as the telephone system showed it.');

const mail = {
  clear: {
    thread: label(256).describe('Conversation the e-mail belongs to.'),
    campaign: label(),
    template: label(),
    attachmentCount,
  },
  personal: {
    message: label(998).describe('Message-ID of the e-mail.'),
    from: label(512),
    to: listOf(label(512)),
    cc: listOf(label(512)),
    subject: label(998).describe('Subject line.'),
    text: prose(),
    attachments,
  },
};

const message = {
  clear: {
    conversation: label(256),
    kind: code().describe('text, image, voice, location, ...'),
    template: label(),
    isAutomatic: flag().describe('Written by a machine.'),
    attachmentCount,
  },
  personal: { text: prose(), attachments },
};

const letter = {
  clear: { letter: label(), pages: count(), template: label(), isRegistered: flag() },
  personal: { text: prose(), address: address(), tracking: label(), document: prose(2_048) },
};

export const contact: readonly TouchpointType[] = [
  defineType('contact', 'call.completed', {
    channel: 'phone',
    stage: 'after-sale',
    clear: {
      call: callId,
      queue: label(),
      durationSeconds: seconds().describe('Time spoken.'),
      waitSeconds: seconds().describe('Time the customer waited before.'),
      outcome: code(),
      transferredTo: label().describe('Department the call was handed to.'),
      campaign: label(),
    },
    personal: { number, transcript: prose(), recording: prose(2_048).describe('Where the recording lies.') },
    title: (body) => line(call(body.direction), duration(body.durationSeconds)),
    summary: both('A telephone conversation took place.', '完成了一次电话沟通。'),
  }),
  defineType('contact', 'call.missed', {
    channel: 'phone',
    stage: 'after-sale',
    clear: { call: callId, queue: label(), waitSeconds: seconds(), callbackRequested: flag() },
    personal: { number, voicemail: prose() },
    title: (body) =>
      line(
        body.direction === 'outbound'
          ? both('Call not answered', '去电未接通')
          : both('Missed call', '未接来电'),
        during('waited', '等候', body.waitSeconds),
        body.callbackRequested === true ? both('callback requested', '要求回电') : undefined,
      ),
    summary: both('A call was not answered.', '一个电话未被接听。'),
  }),
  defineType('contact', 'email.received', {
    channel: 'email',
    stage: 'after-sale',
    ...mail,
    title: (body) =>
      line(both('E-mail received', '收到邮件'), counted(body.attachmentCount, 'attachment', '个附件')),
    summary: both('The customer wrote an e-mail.', '客户发来邮件。'),
  }),
  defineType('contact', 'email.sent', {
    channel: 'email',
    stage: 'after-sale',
    ...mail,
    title: (body) =>
      line(both('E-mail sent', '发送邮件'), counted(body.attachmentCount, 'attachment', '个附件')),
    summary: both('The company wrote an e-mail to the customer.', '公司向客户发送邮件。'),
  }),
  defineType('contact', 'message.received', {
    channel: 'chat',
    stage: 'after-sale',
    ...message,
    title: (body) =>
      line(
        messageOver(body.channel, both('received', '收到')),
        counted(body.attachmentCount, 'attachment', '个附件'),
      ),
    summary: both(
      'The customer sent a message by chat, text or WeChat.',
      '客户通过聊天、短信或微信发来消息。',
    ),
  }),
  defineType('contact', 'message.sent', {
    channel: 'chat',
    stage: 'after-sale',
    ...message,
    title: (body) =>
      line(
        messageOver(body.channel, both('sent', '发送')),
        counted(body.attachmentCount, 'attachment', '个附件'),
      ),
    summary: both(
      'The company sent a message by chat, text or WeChat.',
      '公司通过聊天、短信或微信发送消息。',
    ),
  }),
  defineType('contact', 'fax.received', {
    channel: 'fax',
    stage: 'after-sale',
    clear: { fax: label(), pages: count() },
    personal: { number, text: prose(), document: prose(2_048) },
    title: (body) => line(both('Fax received', '收到传真'), counted(body.pages, 'page', '页')),
    summary: both('The customer sent a fax.', '客户发来传真。'),
  }),
  defineType('contact', 'letter.received', {
    channel: 'letter',
    stage: 'after-sale',
    ...letter,
    title: (body) => line(both('Letter received', '收到信件'), counted(body.pages, 'page', '页')),
    summary: both('The customer wrote a letter.', '客户寄来信件。'),
  }),
  defineType('contact', 'letter.sent', {
    channel: 'letter',
    stage: 'after-sale',
    ...letter,
    title: (body) => line(both('Letter sent', '寄出信件'), counted(body.pages, 'page', '页')),
    summary: both('The company sent a letter to the customer.', '公司向客户寄出信件。'),
  }),
  defineType('contact', 'meeting.held', {
    channel: 'on-site',
    stage: 'pre-sale',
    clear: { meeting: label(), durationSeconds: seconds(), isOnline: flag(), attendeeCount: count() },
    personal: { topic: label(512), location: label(512), attendees: listOf(label(256)), notes: prose() },
    title: (body) =>
      line(
        body.isOnline === true
          ? both('Online meeting held', '举行线上会议')
          : both('Meeting held', '举行会议'),
        counted(body.attendeeCount, 'attendee', '人参加'),
        duration(body.durationSeconds),
      ),
    summary: both('The company met the customer.', '公司与客户举行会议。'),
  }),
  defineType('contact', 'visit.completed', {
    channel: 'on-site',
    stage: 'after-sale',
    clear: { visit: label(), store: label(), purpose: code(), outcome: code(), durationSeconds: seconds() },
    personal: { address: address(), notes: prose() },
    title: (body) =>
      line(
        body.channel === 'store'
          ? both('Visit to the store', '客户到店')
          : both('Visit completed', '完成拜访'),
        named('store', '门店', body.store),
        duration(body.durationSeconds),
      ),
    summary: both('Staff visited the customer, or the customer a store.', '员工拜访客户,或客户到店。'),
  }),
  defineType('contact', 'web.visited', {
    channel: 'web',
    stage: 'pre-sale',
    clear: {
      session: label(),
      pages: count(),
      durationSeconds: seconds(),
      product: label().describe('Article looked at.'),
      campaign: label().describe('Campaign that led here.'),
    },
    personal: { url: prose(2_048), referrer: prose(2_048), ip: label(64), userAgent: prose(1_024) },
    title: (body) =>
      line(both('Web visit', '访问网站'), counted(body.pages, 'page', '页'), duration(body.durationSeconds)),
    summary: both('Somebody visited the website.', '有人访问了网站。'),
  }),
  defineType('contact', 'checkout.abandoned', {
    channel: 'web',
    stage: 'sale',
    clear: {
      cart: label(),
      session: label(),
      step: code().describe('Last step reached.'),
      items: items(),
      amount: money(),
    },
    personal: { url: prose(2_048) },
    title: (body) => line(both('Checkout abandoned', '放弃结账'), pieces(body.items), price(body.amount)),
    summary: both('Somebody filled a cart and left without paying.', '有人加入购物车后未付款离开。'),
  }),
  defineType('contact', 'info.requested', {
    channel: 'web',
    stage: 'pre-sale',
    clear: {
      material: label(256).describe('Brochure, price list, sample.'),
      topic: code(),
      product: label(),
    },
    personal: { address: address() },
    title: (body) => line(both('Information requested', '索取资料'), body.material ?? body.product),
    summary: both(
      'Somebody asked for a brochure, a price list or a sample.',
      '有人索取公司简介、价目表或样品。',
    ),
  }),
  defineType('contact', 'question.asked', {
    channel: 'email',
    stage: 'pre-sale',
    clear: {
      question: label().describe('Number of the question; the answer names it.'),
      topic: code(),
      product: label(),
      skill: label().describe('Who can answer it.'),
      dueAt: dayOrMoment().describe('When the answer is due.'),
    },
    personal: { text: prose() },
    title: (body) =>
      line(
        numbered('Question', idOf(body, 'question'), 'asked', '提出问题'),
        dated('due', '期限', body.dueAt),
      ),
    summary: both('The customer asked a question that needs an answer.', '客户提出需要答复的问题。'),
  }),
  defineType('contact', 'question.answered', {
    channel: 'email',
    stage: 'pre-sale',
    clear: {
      question: label(),
      topic: code(),
      product: label(),
      isComplete: flag().describe('Nothing is left open.'),
    },
    personal: { text: prose() },
    title: (body) => line(numbered('Question', idOf(body, 'question'), 'answered', '答复问题')),
    summary: both('A question of the customer was answered.', '客户的问题得到答复。'),
  }),
  defineType('contact', 'note.added', {
    channel: 'web',
    stage: 'after-sale',
    clear: { note: label(), topic: code(), isPinned: flag().describe('To be shown first.') },
    personal: { text: prose() },
    title: () => both('Note added', '添加备注'),
    summary: both('Staff wrote down something about the customer.', '员工记录了有关客户的情况。'),
  }),
];

function call(direction: Direction | undefined): Line {
  if (direction === undefined) return both('Call', '通话');
  return direction === 'inbound' ? both('Inbound call', '来电') : both('Outbound call', '去电');
}

function messageOver(channel: Channel = 'chat', verb: Line): Line {
  const name = channelName(channel);
  return both(`${name.en} message ${verb.en}`, `${verb.zh}${name.zh}消息`);
}
