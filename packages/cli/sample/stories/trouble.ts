import type { Diary } from '../diary.ts';
import { keepOrBreak, promise } from './promises.ts';
import { answerSurvey, deliver, type Order, pay, placeOrder, promiseAndBill, ship } from './purchase.ts';

/** A complaint from its first day to its last; `case:desk:...` ties its touchpoints together. */
export function complain(diary: Diary, order: Order, reason: string, occasion: 'late' | 'broken'): void {
  const { random, customer } = diary;
  const number = diary.number('C');
  const about = [`case:desk:${number}`, order.reference];
  const common = { about, case: number, order: order.order, category: reason, reason };
  const severity = random.pick(['medium', 'high', 'critical']);
  diary.note('call.completed', 'pbx', {
    direction: 'inbound',
    call: diary.number('K'),
    agent: diary.agent(),
    reason,
    durationSeconds: random.whole(90, 1_200),
    waitSeconds: random.whole(5, 600),
    number: customer.phone?.slice(4),
  });
  diary.minutes(1, 10);
  diary.note('complaint.raised', 'desk', {
    ...common,
    channel: 'phone',
    direction: 'inbound',
    severity,
    text: diary.says(occasion),
    dueAt: diary.inDays(2),
    sentiment: { value: -0.8, by: 'agent' },
  });
  diary.minutes(5, 90);
  diary.note('complaint.acknowledged', 'desk', {
    ...common,
    direction: 'outbound',
    text: diary.says('sorry'),
  });
  diary.note('complaint.assigned', 'desk', { ...common, assignee: diary.agent(), team: 'after-sales' });
  const given = promise(diary, { case: number, order: order.order, about, kind: 'callback' });
  keepOrBreak(diary, given, () => {
    diary.note('complaint.escalated', 'desk', {
      ...common,
      level: 2,
      assignee: diary.agent(),
      team: 'management',
    });
  });
  resolve(diary, common, order);
}

function resolve(diary: Diary, common: Readonly<Record<string, unknown>>, { order, reference }: Order): void {
  const { random } = diary;
  diary.hours(4, 60);
  const amount = diary.money(random.whole(2_000, 20_000));
  diary.note('concession.granted', 'desk', {
    about: [reference],
    kind: random.pick(['free-repair', 'gift', 'refund']),
    amount,
    order,
    case: common.case,
    agent: diary.agent(),
    approvedBy: diary.agent().name,
  });
  diary.note('complaint.resolved', 'desk', {
    ...common,
    resolution: 'compensated',
    amount,
    direction: 'outbound',
  });
  const isReopened = diary.often(0.3);
  if (isReopened) {
    diary.days(2, 12);
    diary.note('complaint.reopened', 'desk', {
      ...common,
      direction: 'inbound',
      text: diary.says('unhappy'),
    });
    diary.hours(4, 60);
    diary.note('complaint.resolved', 'desk', { ...common, resolution: 'replaced', direction: 'outbound' });
  }
  diary.days(1, 5);
  diary.note('complaint.closed', 'desk', { ...common, isSatisfied: !isReopened });
}

/** The parcel does not come, and meanwhile the books send a reminder. */
export function lateDelivery(diary: Diary): void {
  const order = placeOrder(diary);
  promiseAndBill(diary, order);
  const { order: number, reference, invoice, total } = order;
  diary.days(2, 4);
  const shipment = ship(diary, order);
  diary.days(2, 4);
  const previouslyExpectedAt = diary.dayIn(0);
  diary.note('shipment.delayed', 'warehouse', {
    about: [reference],
    shipment,
    order: number,
    reason: 'delivery.late',
    expectedAt: diary.dayIn(9),
    previouslyExpectedAt,
  });
  diary.days(1, 2);
  complain(diary, order, 'delivery.late', 'late');
  const bill = {
    about: [reference, `invoice:erp:${invoice}`],
    invoice,
    order: number,
    amount: diary.money(total),
  };
  diary.note('payment.overdue', 'erp', { ...bill, dueOn: diary.dayIn(-3), overdueDays: 3 });
  diary.hours(1, 20);
  diary.note('dunning.sent', 'erp', {
    ...bill,
    dunning: diary.number('D'),
    level: 1,
    direction: 'outbound',
    text: diary.says('dunning'),
    dueOn: diary.dayIn(7),
  });
  diary.days(1, 3);
  if (diary.random.chance(0.25)) {
    cancel(diary, order);
    return;
  }
  deliver(diary, order, shipment);
  diary.days(1, 9);
  pay(diary, order);
  answerSurvey(diary, order, -1);
}

function cancel(diary: Diary, { order, reference, total }: Order): void {
  diary.note('order.cancelled', 'shop', {
    about: [reference],
    direction: 'inbound',
    order,
    amount: diary.money(total),
    reason: 'delivery.late',
    by: 'customer',
  });
  diary.days(1, 4);
  diary.note('order.refunded', 'erp', {
    about: [reference],
    order,
    refund: diary.number('RF'),
    amount: diary.money(total),
    method: 'transfer',
  });
}

/** Sends goods back, and cancels what is left of the order. */
export function sendBack(diary: Diary): void {
  const order = placeOrder(diary);
  promiseAndBill(diary, order);
  pay(diary, order);
  const shipment = ship(diary, order);
  diary.days(2, 3);
  deliver(diary, order, shipment);
  diary.days(1, 6);
  diary.note('email.received', 'mail', {
    direction: 'inbound',
    about: [order.reference],
    reason: 'return.request',
    subject: order.order,
    text: diary.says('broken'),
    attachmentCount: 1,
  });
  diary.hours(1, 20);
  diary.note('email.sent', 'mail', {
    direction: 'outbound',
    about: [order.reference],
    reason: 'return.request',
    agent: diary.agent(),
    text: diary.says('sorry'),
  });
  diary.days(2, 6);
  diary.note('return.received', 'warehouse', {
    about: [order.reference],
    return: diary.number('RT'),
    order: order.order,
    condition: 'damaged',
    items: order.items.slice(0, 1),
    parcels: 1,
  });
  diary.days(1, 3);
  cancel(diary, order);
}
