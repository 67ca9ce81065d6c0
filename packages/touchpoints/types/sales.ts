import {
  address,
  code,
  count,
  dayOrMoment,
  flag,
  items,
  label,
  listOf,
  measure,
  money,
  percent,
  prose,
  record,
} from '../fields.ts';
import type { Money } from '../touchpoint.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, dated, idOf, line, named, numbered, pieces, price } from '../wording.ts';

const order = label().describe('Order number.');
const quote = label().describe('Quote number.');
const lead = label().describe('Lead number.');
const approvedBy = label(256).describe('Member of staff who allowed it.');
const previousAmount = money().describe('Amount before the change.');

const orderPersonal = { shippingAddress: address(), billingAddress: address(), remark: prose() };

export const sales: readonly TouchpointType[] = [
  defineType('sales', 'lead.captured', {
    channel: 'web',
    stage: 'pre-sale',
    clear: {
      lead,
      origin: label(256).describe('Where the lead came from: fair, advertisement, partner.'),
      campaign: label(),
      product: label(256).describe('What they are interested in.'),
      expectedAmount: money().describe('What the deal may be worth.'),
    },
    personal: { company: label(512), position: label(256), address: address(), interest: prose() },
    title: (body) =>
      line(
        numbered('Lead', idOf(body, 'lead'), 'captured', '获得线索'),
        named('from', '来源', body.origin),
        price(body.expectedAmount),
      ),
    summary: both('Somebody showed interest in buying.', '有人表现出购买意向。'),
  }),
  defineType('sales', 'lead.graded', {
    channel: 'phone',
    stage: 'pre-sale',
    clear: { lead, grade: label(32), previousGrade: label(32), score: measure(0, 1_000), model: label() },
    title: (body) =>
      line(
        numbered('Lead', idOf(body, 'lead'), 'graded', '线索评级'),
        named('grade', '级别', body.grade),
        named('score', '评分', body.score),
      ),
    summary: both('Staff or a model judged how ready a lead is to buy.', '员工或模型评定了线索的意向强度。'),
  }),
  defineType('sales', 'quote.issued', {
    channel: 'email',
    stage: 'pre-sale',
    clear: {
      quote,
      revision: count(1),
      items: items(),
      amount: money(),
      discountPercent: percent(),
      validUntil: dayOrMoment(),
    },
    personal: { terms: prose() },
    title: (body) =>
      line(
        numbered('Quote', idOf(body, 'quote'), 'issued', '报价'),
        pieces(body.items),
        price(body.amount),
        discount(body.discountPercent),
        dated('valid until', '有效期至', body.validUntil),
      ),
    summary: both('The company offered goods at a price.', '公司向客户报价。'),
  }),
  defineType('sales', 'quote.accepted', {
    channel: 'email',
    stage: 'sale',
    clear: {
      quote,
      order,
      amount: money(),
      purchaseOrder: label().describe("The customer's own order number."),
    },
    title: (body) => line(numbered('Quote', idOf(body, 'quote'), 'accepted', '接受报价'), price(body.amount)),
    summary: both('The customer accepted a quote.', '客户接受了报价。'),
  }),
  defineType('sales', 'quote.rejected', {
    channel: 'email',
    stage: 'pre-sale',
    clear: {
      quote,
      amount: money(),
      competitor: label(256),
      expectedAmount: money().describe('What they would pay.'),
    },
    personal: { comment: prose() },
    title: (body) =>
      line(
        numbered('Quote', idOf(body, 'quote'), 'rejected', '拒绝报价'),
        price(body.amount),
        named('in favour of', '转向', body.competitor),
      ),
    summary: both('The customer turned a quote down.', '客户拒绝了报价。'),
  }),
  defineType('sales', 'discount.granted', {
    channel: 'phone',
    stage: 'pre-sale',
    clear: {
      quote,
      order,
      amount: money(),
      discountPercent: percent(),
      validUntil: dayOrMoment(),
      approvedBy,
    },
    title: (body) =>
      line(
        both('Discount granted', '给予折扣'),
        discount(body.discountPercent),
        price(body.amount),
        named('order', '订单', idOf(body, 'order')) ?? named('quote', '报价', idOf(body, 'quote')),
      ),
    summary: both('The customer was given a discount.', '给予客户折扣。'),
  }),
  defineType('sales', 'concession.granted', {
    channel: 'phone',
    stage: 'after-sale',
    clear: {
      kind: code().describe('What was conceded: free-repair, gift, refund.'),
      amount: money().describe('What it costs the company.'),
      order,
      case: label().describe('Number of the complaint.'),
      approvedBy,
    },
    title: (body) =>
      line(
        both('Concession granted', '作出让步'),
        price(body.amount),
        named('order', '订单', idOf(body, 'order')) ?? named('complaint', '投诉', idOf(body, 'case')),
      ),
    summary: both('The company gave way to keep the customer content.', '公司为留住客户作出让步。'),
  }),
  defineType('sales', 'order.placed', {
    channel: 'web',
    stage: 'sale',
    clear: {
      order,
      items: items(),
      amount: money().describe('Total the customer pays.'),
      shippingAmount: money(),
      taxAmount: money(),
      discountAmount: money(),
      discountPercent: percent(),
      coupons: listOf(label()),
      campaign: label(),
      quote,
      store: label(),
      paymentMethod: code(),
      promisedAt: dayOrMoment().describe('Delivery promised for.'),
    },
    personal: orderPersonal,
    title: (body) =>
      line(numbered('Order', idOf(body, 'order'), 'placed', '下单'), pieces(body.items), price(body.amount)),
    summary: both('The customer ordered goods or services.', '客户订购商品或服务。'),
  }),
  defineType('sales', 'order.changed', {
    channel: 'web',
    stage: 'sale',
    clear: {
      order,
      changed: listOf(code()).describe('What was changed: items, address, date.'),
      items: items(),
      amount: money(),
      previousAmount,
      promisedAt: dayOrMoment(),
      approvedBy,
    },
    personal: orderPersonal,
    title: (body) =>
      line(
        numbered('Order', idOf(body, 'order'), 'changed', '更改订单'),
        pieces(body.items),
        change(body.previousAmount, body.amount),
      ),
    summary: both('An order was changed after it had been placed.', '订单在下单后被更改。'),
  }),
  defineType('sales', 'order.cancelled', {
    channel: 'web',
    stage: 'sale',
    clear: {
      order,
      amount: money(),
      items: items(),
      isPartial: flag(),
      by: label().describe('customer or company.'),
    },
    title: (body) =>
      line(
        body.isPartial === true
          ? numbered('Order', idOf(body, 'order'), 'cancelled in part', '部分取消订单')
          : numbered('Order', idOf(body, 'order'), 'cancelled', '取消订单'),
        pieces(body.items),
        price(body.amount),
      ),
    summary: both('An order was cancelled, wholly or in part.', '订单被全部或部分取消。'),
  }),
  defineType('sales', 'order.refunded', {
    channel: 'web',
    stage: 'after-sale',
    clear: { order, refund: label(), amount: money(), items: items(), method: code(), isPartial: flag() },
    personal: { bankAccount: label() },
    title: (body) =>
      line(
        numbered('Order', idOf(body, 'order'), 'refunded', '订单退款'),
        pieces(body.items),
        price(body.amount),
      ),
    summary: both('Money for an order was paid back.', '订单款项已退还。'),
  }),
  defineType('sales', 'competitor.mentioned', {
    channel: 'phone',
    stage: 'pre-sale',
    clear: {
      competitor: label(256),
      product: label(256),
      offers: listOf(record({ product: label(256), amount: money() })),
    },
    personal: { quotation: prose().describe("The customer's own words.") },
    title: (body) => line(both('Competitor mentioned', '提及竞争对手'), body.competitor, body.product),
    summary: both('The customer spoke of a competitor.', '客户提到了竞争对手。'),
  }),
];

function discount(value: number | undefined) {
  return value === undefined ? undefined : both(`${value}% off`, `优惠 ${value}%`);
}

function change(before: Money | undefined, after: Money | undefined) {
  const [from, to] = [price(before), price(after)];
  return from === undefined || to === undefined ? to : both(`${from} to ${to}`, `${from} 改为 ${to}`);
}
