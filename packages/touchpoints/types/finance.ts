import { address, code, count, day, dayOrMoment, items, label, money, prose } from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, counted, dated, idOf, line, named, numbered, price } from '../wording.ts';

const invoice = label().describe('Invoice number.');
const order = label().describe('Order number.');
const dueOn = day().describe('Last day of payment.');

export const finance: readonly TouchpointType[] = [
  defineType('finance', 'invoice.issued', {
    channel: 'email',
    stage: 'sale',
    clear: {
      invoice,
      order,
      items: items(),
      amount: money(),
      taxAmount: money(),
      dueOn,
      periodStart: day(),
      periodEnd: day(),
    },
    personal: { billingAddress: address(), taxNumber: label() },
    title: (body) =>
      line(
        numbered('Invoice', idOf(body, 'invoice'), 'issued', '开具发票'),
        price(body.amount),
        dated('due', '付款期限', body.dueOn),
      ),
    summary: both('The customer was billed.', '向客户开具发票。'),
  }),
  defineType('finance', 'payment.received', {
    channel: 'web',
    stage: 'sale',
    clear: { payment: label(), invoice, order, amount: money(), method: code(), paidOn: day() },
    personal: { payer: label(512), bankAccount: label(), remittance: prose(1_024) },
    title: (body) => line(both('Payment received', '收到付款'), price(body.amount), ofBill(body)),
    summary: both('The customer paid.', '客户已付款。'),
  }),
  defineType('finance', 'payment.overdue', {
    channel: 'web',
    stage: 'after-sale',
    clear: { invoice, order, amount: money().describe('What is still open.'), dueOn, overdueDays: count() },
    title: (body) =>
      line(
        both('Payment overdue', '付款逾期'),
        ofBill(body),
        price(body.amount),
        counted(body.overdueDays, 'day', '天') ?? dated('due', '付款期限', body.dueOn),
      ),
    summary: both('A payment is late.', '付款已逾期。'),
  }),
  defineType('finance', 'dunning.sent', {
    channel: 'letter',
    stage: 'after-sale',
    clear: {
      dunning: label(),
      level: count(1).describe('1 is the friendly reminder.'),
      invoice,
      order,
      amount: money(),
      feeAmount: money(),
      dueOn: dayOrMoment(),
    },
    personal: { text: prose(), address: address() },
    title: (body) =>
      line(
        both('Dunning sent', '发出催款'),
        body.level === undefined ? undefined : both(`level ${body.level}`, `第 ${body.level} 次`),
        ofBill(body),
        price(body.amount),
        dated('due', '付款期限', body.dueOn),
      ),
    summary: both('The customer was asked to pay what is overdue.', '催促客户支付逾期款项。'),
  }),
  defineType('finance', 'cost.recorded', {
    channel: 'web',
    stage: 'after-sale',
    clear: {
      kind: code().describe('freight, parts, commission, ...'),
      amount: money(),
      order,
      case: label(),
      workorder: label(),
      periodStart: day(),
      periodEnd: day(),
    },
    title: (body) =>
      line(
        both('Cost recorded', '记录成本'),
        price(body.amount),
        named('order', '订单', idOf(body, 'order')),
      ),
    summary: both('A cost was incurred for this customer.', '为该客户发生了成本。'),
  }),
];

function ofBill(body: Parameters<typeof idOf>[0]) {
  return named('invoice', '发票', idOf(body, 'invoice')) ?? named('order', '订单', idOf(body, 'order'));
}
