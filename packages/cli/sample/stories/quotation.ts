import { fillCart } from '../cart.ts';
import type { Diary } from '../diary.ts';
import { COMPETITORS } from '../words/products.ts';
import { becomeLead } from './acquaintance.ts';
import { deliver, type Order, pay, promiseAndBill, ship } from './purchase.ts';

/**
 * From a lead to an order, or not. Two departments quote the same goods at different prices on the same day: what
 * the timeline must show side by side.
 */
export function quotation(diary: Diary): void {
  const { random } = diary;
  const lead = becomeLead(diary);
  meet(diary, lead);
  const cart = fillCart(diary);
  const quote = diary.number('Q');
  const about = [`quote:crm:${quote}`, `lead:crm:${lead}`];
  const offer = {
    about,
    quote,
    items: cart.items,
    validUntil: diary.dayIn(30),
    direction: 'outbound',
    terms: 'net 14',
  };
  diary.days(1, 5);
  diary.note('quote.issued', 'crm', {
    ...offer,
    revision: 1,
    amount: diary.money(cart.total),
    agent: diary.agent(),
  });
  diary.hours(1, 8);
  diary.note('quote.issued', 'store', {
    ...offer,
    revision: 1,
    channel: 'store',
    discountPercent: 12,
    amount: diary.money(cart.total * 0.88),
    agent: diary.agent(),
  });
  diary.days(1, 6);
  negotiate(diary, about, quote);
  diary.days(1, 9);
  if (!diary.isThorough && random.chance(0.4)) reject(diary, about, quote, cart.total);
  else
    accept(diary, about, quote, { ...cart, order: diary.number('SO'), total: Math.round(cart.total * 0.9) });
}

function meet(diary: Diary, lead: string): void {
  if (!diary.often(0.5)) return;
  diary.days(1, 8);
  diary.note('meeting.held', 'crm', {
    about: [`lead:crm:${lead}`],
    meeting: diary.number('M'),
    agent: diary.agent(),
    durationSeconds: diary.random.whole(1_200, 7_200),
    isOnline: diary.random.chance(0.5),
    attendeeCount: diary.random.whole(2, 5),
    topic: diary.says('interest'),
  });
}

function negotiate(diary: Diary, about: readonly string[], quote: string): void {
  if (!diary.often(0.6)) return;
  const competitor = diary.random.pick(COMPETITORS);
  diary.note('call.completed', 'pbx', {
    direction: 'inbound',
    call: diary.number('K'),
    agent: diary.agent(),
    reason: 'quote.negotiation',
    durationSeconds: diary.random.whole(120, 1_500),
  });
  diary.note('competitor.mentioned', 'crm', { about, competitor, quotation: diary.says('negotiation') });
  diary.hours(2, 40);
  diary.note('discount.granted', 'crm', {
    about,
    quote,
    discountPercent: 10,
    approvedBy: diary.agent().name,
    validUntil: diary.dayIn(14),
  });
}

function reject(diary: Diary, about: readonly string[], quote: string, total: number): void {
  const competitor = diary.random.pick(COMPETITORS);
  diary.note('quote.rejected', 'crm', {
    about,
    quote,
    amount: diary.money(total),
    competitor,
    direction: 'inbound',
    comment: diary.says('negotiation'),
  });
}

function accept(
  diary: Diary,
  about: readonly string[],
  quote: string,
  bought: Omit<Order, 'reference' | 'invoice'>,
): void {
  const order: Order = { ...bought, reference: `order:shop:${bought.order}`, invoice: diary.number('INV') };
  const amount = diary.money(order.total);
  diary.note('quote.accepted', 'crm', {
    about: [...about, order.reference],
    quote,
    order: order.order,
    amount,
    direction: 'inbound',
    purchaseOrder: diary.number('PO'),
  });
  diary.hours(1, 10);
  const { customer } = diary;
  // By telephone and on account: sales enters it, so the books and the mail address become known together.
  diary.note('order.placed', 'erp', {
    about: [order.reference],
    order: order.order,
    quote,
    items: order.items,
    amount,
    channel: 'phone',
    paymentMethod: 'transfer',
    shippingAddress: customer.address,
  });
  if (diary.often(0.4)) {
    diary.days(1, 2);
    diary.note('order.changed', 'erp', {
      about: [order.reference],
      order: order.order,
      changed: ['date'],
      amount,
      promisedAt: diary.dayIn(10),
      approvedBy: diary.agent().name,
    });
  }
  promiseAndBill(diary, order);
  diary.days(2, 5);
  const shipment = ship(diary, order);
  diary.days(1, 4);
  deliver(diary, order, shipment);
  diary.days(3, 20);
  pay(diary, order);
  if (diary.isThorough) {
    diary.days(20, 40);
    reject(diary, [`quote:crm:${diary.number('Q')}`], quote, order.total);
  }
}
