import type { Diary } from '../diary.ts';

/** A question and, some day, its answer. */
export function ask(diary: Diary): void {
  const question = diary.number('QU');
  const about = [`question:desk:${question}`];
  diary.note('question.asked', 'mail', {
    about,
    direction: 'inbound',
    question,
    topic: 'product',
    text: diary.says('question'),
    dueAt: diary.inDays(1),
  });
  diary.hours(1, 40);
  diary.note('question.answered', 'mail', {
    about,
    direction: 'outbound',
    question,
    topic: 'product',
    text: diary.says('answer'),
    agent: diary.agent(),
    isComplete: true,
  });
  if (!diary.often(0.5)) return;
  diary.hours(1, 20);
  diary.note('email.received', 'mail', {
    direction: 'inbound',
    subject: 'Re:',
    text: diary.says('thanks'),
    sentiment: { value: 0.6, by: 'model' },
  });
}

/** Paper, as some still prefer. */
export function paperwork(diary: Diary): void {
  const { customer, random } = diary;
  diary.note('letter.received', 'scanner', {
    direction: 'inbound',
    letter: diary.number('LE'),
    pages: random.whole(1, 4),
    text: diary.says('question'),
    address: customer.address,
  });
  diary.days(2, 6);
  diary.note('letter.sent', 'scanner', {
    direction: 'outbound',
    letter: diary.number('LE'),
    pages: 1,
    isRegistered: random.chance(0.2),
    text: diary.says('answer'),
  });
  if (!diary.often(0.5)) return;
  diary.days(1, 9);
  diary.note('fax.received', 'scanner', {
    direction: 'inbound',
    fax: diary.number('FX'),
    pages: random.whole(1, 3),
    text: diary.says('question'),
  });
  diary.hours(1, 8);
  diary.note('note.added', 'desk', {
    note: diary.number('N'),
    agent: diary.agent(),
    text: diary.says('note'),
    isPinned: true,
  });
}

/** Comes to the store, and is advertised to afterwards. */
export function visitStore(diary: Diary): void {
  const { random } = diary;
  diary.note('visit.completed', 'store', {
    channel: 'store',
    visit: diary.number('V'),
    store: 'west-lake',
    purpose: 'advice',
    durationSeconds: random.whole(300, 3_600),
  });
  diary.days(1, 10);
  const campaign = `2026-${random.pick(['spring', 'dragon-boat', 'double-11'])}`;
  diary.note('campaign.sent', 'mailer', {
    about: [`campaign:mailer:${campaign}`],
    direction: 'outbound',
    campaign,
    name: campaign,
    kind: 'newsletter',
    endOn: diary.dayIn(20),
  });
  if (!diary.often(0.4)) return;
  diary.hours(2, 60);
  diary.note('web.visited', 'app', {
    channel: 'app',
    session: diary.number('S'),
    pages: random.whole(2, 9),
    durationSeconds: random.whole(30, 600),
    campaign,
  });
  diary.days(1, 6);
  diary.note('coupon.redeemed', 'store', {
    about: [`campaign:mailer:${campaign}`],
    coupon: 'TEA20',
    campaign,
    store: 'west-lake',
    amount: diary.money(2_000),
  });
}

/** Tells a friend. */
export function recommend(diary: Diary): void {
  diary.note('referral.made', 'app', {
    referral: diary.number('RE'),
    referred: `mailto:friend.${diary.customer.index}@example.com`,
    coupon: 'FRIEND30',
    rewardAmount: diary.money(3_000),
  });
}

/** Staff are asked, too: unhappy staff and unhappy customers go together. */
export function staffPulse(diary: Diary): void {
  const { random } = diary;
  const agent = diary.agent();
  const scored = (dimension: string) => ({ dimension, score: random.whole(2, 5), scale: 5 });
  const items = ['conditions', 'culture', 'pay', 'opportunity'].map(scored);
  diary.note(
    'staffpulse.answered',
    'staffPulse',
    { survey: diary.number('SP'), team: 'after-sales', items, comment: diary.says('staff') },
    { instead: [`account:staff:${agent.id}`] },
  );
}
