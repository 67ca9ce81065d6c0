import { type Cart, fillCart } from '../cart.ts';
import type { Diary } from '../diary.ts';
import { register } from './acquaintance.ts';

export interface Order extends Cart {
  readonly order: string;
  readonly reference: string;
  readonly invoice: string;
}

/** Buys in the shop. */
export function placeOrder(diary: Diary): Order {
  register(diary);
  diary.hours(1, 72);
  const { customer, random } = diary;
  const cart = fillCart(diary);
  const order = diary.number('SO');
  const reference = `order:shop:${order}`;
  const hasCoupon = diary.often(0.15);
  const also = random.chance(0.3) ? [customer.cookie] : [];
  diary.note(
    'order.placed',
    'shop',
    {
      customer: { ...(also.length > 0 ? { identifiers: also } : {}), name: customer.name },
      direction: 'inbound',
      about: [reference],
      order,
      items: cart.items,
      amount: diary.money(cart.total),
      paymentMethod: random.pick(['alipay', 'wechatpay', 'card', 'transfer']),
      shippingAddress: customer.address,
      promisedAt: diary.dayIn(4),
      ...(hasCoupon ? { coupons: ['WELCOME50'] } : {}),
    },
    { correlationid: order },
  );
  if (hasCoupon) {
    diary.note('coupon.redeemed', 'shop', {
      channel: 'web',
      about: [reference],
      coupon: 'WELCOME50',
      order,
      amount: diary.money(5_000),
    });
  }
  return { ...cart, order, reference, invoice: diary.number('INV') };
}

/** Says when it will arrive, and bills it. */
export function promiseAndBill(diary: Diary, { order, reference, invoice, items, total }: Order): void {
  diary.minutes(5, 120);
  diary.note('delivery.promised', 'shop', {
    channel: 'web',
    about: [reference],
    order,
    promisedAt: diary.dayIn(4),
    address: diary.customer.address,
  });
  diary.hours(1, 24);
  diary.note('invoice.issued', 'erp', {
    about: [reference, `invoice:erp:${invoice}`],
    invoice,
    order,
    items,
    amount: diary.money(total),
    taxAmount: diary.money(total * 0.13),
    dueOn: diary.dayIn(14),
  });
}

export function pay(diary: Diary, { order, reference, invoice, total }: Order): void {
  const { random, customer } = diary;
  diary.note('payment.received', 'erp', {
    about: [reference, `invoice:erp:${invoice}`],
    payment: diary.number('P'),
    invoice,
    order,
    amount: diary.money(total),
    method: random.pick(['alipay', 'card', 'transfer']),
    paidOn: diary.dayIn(0),
    payer: customer.company ?? customer.name,
  });
}

/** The warehouse knows the order only, not whose it is. */
export function ship(diary: Diary, { order, reference }: Order): string {
  const shipment = diary.number('SH');
  diary.note('shipment.dispatched', 'warehouse', {
    about: [reference, `shipment:erp:${shipment}`],
    shipment,
    order,
    carrier: diary.random.pick(['SF Express', 'ZTO', 'DHL']),
    parcels: diary.random.whole(1, 3),
    tracking: diary.random.text(12, '0123456789'),
    expectedAt: diary.dayIn(3),
  });
  return shipment;
}

export function deliver(diary: Diary, { order, reference }: Order, shipment: string): void {
  const { customer } = diary;
  diary.note('shipment.delivered', 'warehouse', {
    about: [reference],
    shipment,
    order,
    attempt: 1,
    isSigned: true,
    isComplete: true,
    receivedBy: customer.name,
  });
}

/** Everything goes well. */
export function purchase(diary: Diary): void {
  const order = placeOrder(diary);
  promiseAndBill(diary, order);
  diary.hours(1, 30);
  pay(diary, order);
  diary.hours(2, 30);
  const shipment = ship(diary, order);
  diary.days(1, 3);
  deliver(diary, order, shipment);
  if (diary.often(0.3)) {
    diary.note('cost.recorded', 'erp', {
      about: [order.reference],
      kind: 'freight',
      order: order.order,
      amount: diary.money(diary.random.whole(1_200, 9_000)),
    });
  }
  if (diary.often(0.35)) answerSurvey(diary, order);
}

const DIMENSIONS = ['reliability', 'tangibles', 'responsiveness', 'assurance', 'empathy'] as const;

/** Is asked what they expected and what they got. */
export function answerSurvey(diary: Diary, { order, reference, products }: Order, mood = 0): void {
  const { random } = diary;
  diary.days(2, 6);
  const survey = diary.number('SV');
  diary.note('survey.sent', 'surveys', { about: [reference], survey, order, dueOn: diary.dayIn(14) });
  if (!diary.often(0.6)) return;
  diary.hours(3, 90);
  const score = (centre: number) => Math.min(7, Math.max(1, centre + random.whole(-1, 1)));
  const items = DIMENSIONS.map((dimension) => ({
    dimension,
    expected: score(6),
    perceived: score(5 + mood),
    scale: 7,
  }));
  const nps = Math.min(10, Math.max(0, random.whole(6, 10) + 3 * mood));
  diary.note('survey.answered', 'surveys', {
    about: [reference],
    survey,
    order,
    items,
    nps,
    csat: Math.min(5, Math.max(1, 4 + mood)),
    comment: diary.says(mood < 0 ? 'unhappy' : 'praise'),
  });
  if (!diary.often(0.3)) return;
  diary.days(1, 5);
  const rating = Math.min(5, Math.max(1, 5 + 2 * mood));
  diary.note('review.posted', 'shop', {
    about: [reference],
    review: diary.number('R'),
    order,
    product: products[0].sku,
    rating,
    ratingMax: 5,
    site: 'shop.example.cn',
    text: diary.says(mood < 0 ? 'unhappy' : 'praise'),
  });
}
