import { fillCart } from '../cart.ts';
import type { Diary } from '../diary.ts';

/** Looks around, and perhaps leaves a full cart behind; known by a browser only. */
export function browse(diary: Diary): void {
  const { random } = diary;
  const session = diary.number('S');
  diary.note('web.visited', 'site', {
    session,
    pages: random.whole(1, 14),
    durationSeconds: random.whole(8, 900),
    url: 'https://www.example.cn/products',
    userAgent: 'Mozilla/5.0',
  });
  if (!diary.often(0.3)) return;
  diary.minutes(1, 20);
  const { items, total } = fillCart(diary);
  diary.note('checkout.abandoned', 'site', {
    cart: diary.number('C'),
    session,
    step: 'payment',
    items,
    amount: diary.money(total),
  });
}

/** Opens an account: from now on browser, mail, telephone and account are known to be one. */
export function register(diary: Diary): void {
  if (diary.isRegistered) return;
  const { customer, random } = diary;
  browse(diary);
  diary.minutes(2, 60);
  diary.note('customer.registered', 'register', {
    customer: {
      identifiers: [customer.mail, customer.phone, customer.cookie].filter((one) => one !== undefined),
      name: customer.name,
    },
    direction: 'inbound',
    kind: customer.kind,
    segment: random.pick(['A', 'B', 'C']),
    origin: random.pick(['search', 'friend', 'exhibition', 'advertisement']),
    registeredOn: diary.dayIn(0),
    address: customer.address,
    company: customer.company,
    attributes: { householdSize: random.whole(1, 5) },
  });
  diary.isRegistered = true;
  diary.minutes(1, 3);
  diary.note('consent.granted', 'signIn', {
    purpose: 'marketing',
    channels: ['email', 'sms'],
    document: '2024-03',
  });
}

/** Asks for a brochure; sales picks it up as a lead. Answers the lead's number. */
export function becomeLead(diary: Diary): string {
  const { customer, random } = diary;
  diary.note(
    'info.requested',
    'site',
    { material: random.pick(['price-list', 'brochure', 'sample']), topic: 'products' },
    { also: [customer.mail] },
  );
  diary.hours(1, 20);
  const lead = diary.number('L');
  diary.note('lead.captured', 'crm', {
    about: [`lead:crm:${lead}`],
    lead,
    origin: random.pick(['website', 'exhibition', 'partner']),
    company: customer.company,
    interest: diary.says('interest'),
    expectedAmount: diary.money(random.whole(50_000, 5_000_000)),
  });
  diary.hours(2, 50);
  diary.note('lead.graded', 'crm', {
    about: [`lead:crm:${lead}`],
    lead,
    agent: diary.agent(),
    grade: random.pick(['A', 'B', 'C']),
    score: random.whole(10, 100),
  });
  return lead;
}

/** Writes on WeChat, and perhaps says which number they have, which ties it to everything else. */
export function writeOnWechat(diary: Diary): void {
  const { customer, random } = diary;
  const conversation = diary.number('W');
  const channel = customer.wechat === undefined ? 'email' : 'wechat';
  diary.note('message.received', 'wechat', {
    channel,
    direction: 'inbound',
    conversation,
    kind: 'text',
    text: diary.says('question'),
  });
  diary.minutes(1, 50);
  diary.note('message.sent', 'wechat', {
    channel,
    direction: 'outbound',
    conversation,
    kind: 'text',
    agent: diary.agent(),
    text: diary.says('answer'),
  });
  if (!diary.often(0.4)) return;
  diary.minutes(1, 10);
  const text =
    customer.language === 'zh'
      ? '我的手机号发您了,帮我查一下订单。'
      : 'Here is my number, please look the order up.';
  diary.note(
    'message.received',
    'wechat',
    { channel, direction: 'inbound', conversation, kind: 'text', text },
    { also: [customer.phone] },
  );
  diary.minutes(1, 4);
  diary.note('message.received', 'wechat', {
    channel,
    direction: 'inbound',
    conversation,
    kind: 'text',
    text: diary.says('thanks'),
    sentiment: { value: random.whole(2, 9) / 10, by: 'model' },
  });
}
