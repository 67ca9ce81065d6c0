import { address, code, count, dayOrMoment, flag, items, label, money, prose, seconds } from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, counted, dated, duration, idOf, line, named, numbered, pieces, price } from '../wording.ts';

const order = label().describe('Order number.');
const shipment = label().describe('Number of the shipment.');
const carrier = label(256);
const parcels = count();
const tracking = label().describe("The carrier's number; it opens the address to anybody.");

export const delivery: readonly TouchpointType[] = [
  defineType('delivery', 'delivery.promised', {
    channel: 'phone',
    stage: 'sale',
    clear: {
      order,
      shipment,
      carrier,
      promisedAt: dayOrMoment().describe('Delivery at the latest.'),
      windowStart: dayOrMoment().describe('Delivery at the earliest.'),
    },
    personal: { address: address() },
    title: (body) =>
      line(both('Delivery promised', '承诺送达'), ofOrder(body), dated('by', '不晚于', body.promisedAt)),
    summary: both('The company promised when it delivers.', '公司承诺了送达时间。'),
  }),
  defineType('delivery', 'shipment.dispatched', {
    channel: 'web',
    stage: 'sale',
    clear: { order, shipment, carrier, parcels, items: items(), expectedAt: dayOrMoment() },
    personal: { tracking, address: address() },
    title: (body) =>
      line(
        numbered('Shipment', idOf(body, 'shipment'), 'dispatched', '发货'),
        ofOrder(body),
        counted(body.parcels, 'parcel', '个包裹'),
        dated('expected', '预计送达', body.expectedAt),
      ),
    summary: both('Goods left the company.', '货物已发出。'),
  }),
  defineType('delivery', 'shipment.delayed', {
    channel: 'web',
    stage: 'sale',
    clear: { order, shipment, carrier, expectedAt: dayOrMoment(), previouslyExpectedAt: dayOrMoment() },
    personal: { tracking },
    title: (body) =>
      line(
        numbered('Shipment', idOf(body, 'shipment'), 'delayed', '发货延误'),
        ofOrder(body),
        dated('now expected', '改为预计', body.expectedAt),
      ),
    summary: both('Goods will arrive later than expected.', '货物将晚于预计时间送达。'),
  }),
  defineType('delivery', 'shipment.delivered', {
    channel: 'on-site',
    stage: 'sale',
    clear: { order, shipment, carrier, parcels, attempt: count(1), isSigned: flag(), isComplete: flag() },
    personal: { tracking, address: address(), receivedBy: label(256), proof: prose(2_048) },
    title: (body) =>
      line(
        numbered('Shipment', idOf(body, 'shipment'), 'delivered', '送达'),
        ofOrder(body),
        counted(body.parcels, 'parcel', '个包裹'),
        body.isComplete === false ? both('incomplete', '不完整') : undefined,
      ),
    summary: both('Goods reached the customer.', '货物已送达客户。'),
  }),
  defineType('delivery', 'return.received', {
    channel: 'letter',
    stage: 'after-sale',
    clear: { return: label(), order, items: items(), amount: money(), condition: code(), parcels },
    personal: { tracking },
    title: (body) =>
      line(
        numbered('Return', idOf(body, 'return'), 'received', '收到退货'),
        ofOrder(body),
        pieces(body.items),
        price(body.amount),
      ),
    summary: both('Goods came back from the customer.', '收到客户退回的货物。'),
  }),
  defineType('delivery', 'install.completed', {
    channel: 'on-site',
    stage: 'sale',
    clear: {
      order,
      workorder: label(),
      product: label(256),
      asset: label().describe('Number of the device installed.'),
      durationSeconds: seconds(),
      isTrained: flag().describe('The customer was shown how to use it.'),
    },
    personal: { address: address(), signedBy: label(256) },
    title: (body) =>
      line(
        both('Installation completed', '完成安装'),
        body.product,
        ofOrder(body),
        duration(body.durationSeconds),
      ),
    summary: both('Goods were installed where the customer uses them.', '在客户处完成安装。'),
  }),
];

function ofOrder(body: Parameters<typeof idOf>[0]) {
  return named('order', '订单', idOf(body, 'order'));
}
