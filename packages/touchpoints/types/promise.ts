import { code, label, moment, money, prose, seconds } from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, dated, during, idOf, line, numbered, price } from '../wording.ts';

const clear = {
  promise: label().describe('Number of the promise; what becomes of it names it.'),
  kind: code().describe('callback, delivery, refund, ...'),
  dueAt: moment().describe('By when.'),
  by: label(256).describe('Who keeps it: member of staff or team.'),
  amount: money(),
  order: label(),
  case: label(),
  quote: label(),
};
const personal = { what: prose(2_000).describe('What was promised.'), to: label(512).describe('To whom.') };

export const promise: readonly TouchpointType[] = [
  defineType('promise', 'promise.made', {
    channel: 'phone',
    stage: 'after-sale',
    clear,
    personal,
    title: (body) =>
      line(promised(body, 'made', '作出承诺'), price(body.amount), dated('due', '期限', body.dueAt)),
    summary: both('The company promised the customer something by a time.', '公司向客户作出有期限的承诺。'),
  }),
  defineType('promise', 'promise.renegotiated', {
    channel: 'phone',
    stage: 'after-sale',
    clear: { ...clear, previousDueAt: moment() },
    personal,
    title: (body) =>
      line(
        promised(body, 'renegotiated', '重新约定承诺'),
        price(body.amount),
        dated('now due', '新期限', body.dueAt),
        dated('was due', '原期限', body.previousDueAt),
      ),
    summary: both('The customer agreed to another time or content.', '客户同意更改承诺的时间或内容。'),
  }),
  defineType('promise', 'promise.kept', {
    channel: 'phone',
    stage: 'after-sale',
    clear: { ...clear, lateSeconds: seconds() },
    personal,
    title: (body) =>
      line(
        promised(body, 'kept', '履行承诺'),
        price(body.amount),
        during('late by', '迟于期限', body.lateSeconds),
      ),
    summary: both('What was promised was done.', '承诺已兑现。'),
  }),
  defineType('promise', 'promise.broken', {
    channel: 'phone',
    stage: 'after-sale',
    clear,
    personal,
    title: (body) =>
      line(promised(body, 'broken', '违背承诺'), price(body.amount), dated('was due', '原期限', body.dueAt)),
    summary: both('What was promised was not done.', '承诺未能兑现。'),
  }),
  defineType('promise', 'promise.cancelled', {
    channel: 'phone',
    stage: 'after-sale',
    clear,
    personal,
    title: (body) =>
      line(
        promised(body, 'cancelled', '取消承诺'),
        price(body.amount),
        dated('was due', '原期限', body.dueAt),
      ),
    summary: both('The promise no longer matters to the customer.', '客户不再需要该承诺。'),
  }),
];

function promised(body: Parameters<typeof idOf>[0], happened: string, zh: string) {
  return numbered('Promise', idOf(body, 'promise'), happened, zh);
}
