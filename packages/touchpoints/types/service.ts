import {
  address,
  choice,
  code,
  count,
  day,
  dayOrMoment,
  flag,
  items,
  label,
  money,
  prose,
  seconds,
  staff,
} from '../fields.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, dated, duration, during, idOf, line, named, numbered, price } from '../wording.ts';

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
const SEVERITY_NAMES = {
  low: both('low severity', '轻微'),
  medium: both('medium severity', '一般'),
  high: both('high severity', '严重'),
  critical: both('critical severity', '紧急'),
} as const;

const complaintClear = {
  case: label().describe('Number of the complaint.'),
  severity: choice(SEVERITIES),
  category: code(),
  order: label(),
  product: label(256),
  dueAt: dayOrMoment().describe('When the next answer is due.'),
};
const complaintPersonal = { text: prose() };

const workorderClear = {
  workorder: label().describe('Number of the work order.'),
  case: label(),
  order: label(),
  kind: code().describe('repair, installation, inspection, ...'),
  product: label(256),
  asset: label().describe('Number of the device.'),
  engineer: staff(),
  scheduledAt: dayOrMoment(),
};
const workorderPersonal = { address: address(), text: prose(), signedBy: label(256) };

type Complaint = Parameters<typeof idOf>[0] & { readonly severity?: (typeof SEVERITIES)[number] | undefined };

export const service: readonly TouchpointType[] = [
  defineType('service', 'complaint.raised', {
    channel: 'phone',
    stage: 'after-sale',
    clear: { ...complaintClear, isRepeated: flag().describe('The same matter was complained of before.') },
    personal: complaintPersonal,
    title: (body) =>
      line(complaint(body, 'raised', '提出投诉'), severity(body), ofOrder(body), due(body.dueAt)),
    summary: both('The customer complained.', '客户提出投诉。'),
  }),
  defineType('service', 'complaint.acknowledged', {
    channel: 'email',
    stage: 'after-sale',
    clear: complaintClear,
    personal: complaintPersonal,
    title: (body) => line(complaint(body, 'acknowledged', '受理投诉'), due(body.dueAt)),
    summary: both('The customer was told that the complaint is being looked into.', '已告知客户投诉受理。'),
  }),
  defineType('service', 'complaint.assigned', {
    channel: 'web',
    stage: 'after-sale',
    clear: { ...complaintClear, assignee: staff(), team: label() },
    personal: complaintPersonal,
    title: (body) =>
      line(complaint(body, 'assigned', '分派投诉'), named('to', '至', body.team), due(body.dueAt)),
    summary: both('Somebody became responsible for a complaint.', '投诉已指定负责人。'),
  }),
  defineType('service', 'complaint.escalated', {
    channel: 'web',
    stage: 'after-sale',
    clear: { ...complaintClear, level: count(1), assignee: staff(), team: label() },
    personal: complaintPersonal,
    title: (body) =>
      line(
        complaint(body, 'escalated', '升级投诉'),
        body.level === undefined ? undefined : both(`level ${body.level}`, `第 ${body.level} 级`),
        named('to', '至', body.team),
        due(body.dueAt),
      ),
    summary: both('A complaint was handed to a higher level.', '投诉被上报。'),
  }),
  defineType('service', 'complaint.resolved', {
    channel: 'phone',
    stage: 'after-sale',
    clear: {
      ...complaintClear,
      resolution: code(),
      amount: money().describe('Compensation.'),
      isFirstContact: flag().describe('Resolved without a second contact.'),
    },
    personal: complaintPersonal,
    title: (body) => line(complaint(body, 'resolved', '解决投诉'), price(body.amount), ofOrder(body)),
    summary: both('A solution for the complaint was given.', '投诉得到解决。'),
  }),
  defineType('service', 'complaint.reopened', {
    channel: 'phone',
    stage: 'after-sale',
    clear: complaintClear,
    personal: complaintPersonal,
    title: (body) => line(complaint(body, 'reopened', '重新打开投诉'), severity(body), due(body.dueAt)),
    summary: both('The solution did not hold; the complaint is open again.', '解决方案无效,投诉重新打开。'),
  }),
  defineType('service', 'complaint.closed', {
    channel: 'web',
    stage: 'after-sale',
    clear: { ...complaintClear, isSatisfied: flag().describe('The customer said so.') },
    personal: complaintPersonal,
    title: (body) =>
      line(
        complaint(body, 'closed', '关闭投诉'),
        body.isSatisfied === undefined
          ? undefined
          : body.isSatisfied
            ? both('customer satisfied', '客户满意')
            : both('customer not satisfied', '客户不满意'),
      ),
    summary: both('Nothing is left to do about the complaint.', '投诉处理完毕。'),
  }),
  defineType('service', 'workorder.requested', {
    channel: 'phone',
    stage: 'after-sale',
    clear: { ...workorderClear, dueAt: dayOrMoment(), isUnderWarranty: flag() },
    personal: workorderPersonal,
    title: (body) => line(workorder(body, 'requested', '申请派工'), body.product, due(body.dueAt)),
    summary: both('Work at the customer was asked for.', '申请上门服务。'),
  }),
  defineType('service', 'workorder.dispatched', {
    channel: 'app',
    stage: 'after-sale',
    clear: workorderClear,
    personal: workorderPersonal,
    title: (body) =>
      line(workorder(body, 'dispatched', '派工'), body.product, dated('scheduled', '预约', body.scheduledAt)),
    summary: both('An engineer was sent.', '已派出工程师。'),
  }),
  defineType('service', 'workorder.arrived', {
    channel: 'on-site',
    stage: 'after-sale',
    clear: { ...workorderClear, lateSeconds: seconds() },
    personal: workorderPersonal,
    title: (body) =>
      line(
        both('Engineer arrived', '工程师到达'),
        named('work order', '工单', idOf(body, 'workorder')),
        during('late by', '迟到', body.lateSeconds),
      ),
    summary: both('The engineer arrived at the customer.', '工程师到达客户处。'),
  }),
  defineType('service', 'workorder.completed', {
    channel: 'on-site',
    stage: 'after-sale',
    clear: {
      ...workorderClear,
      isSolved: flag(),
      visits: count(1).describe('Visits it took; 1 is solved at once.'),
      durationSeconds: seconds(),
      items: items().describe('Parts used.'),
      amount: money(),
    },
    personal: workorderPersonal,
    title: (body) =>
      line(
        workorder(body, 'completed', '完成工单'),
        body.product,
        body.isSolved === false ? both('not solved', '未解决') : undefined,
        duration(body.durationSeconds),
        price(body.amount),
      ),
    summary: both('Work at the customer was finished.', '上门服务完成。'),
  }),
  defineType('service', 'maintenance.done', {
    channel: 'on-site',
    stage: 'after-sale',
    clear: {
      contract: label(),
      workorder: label(),
      product: label(256),
      asset: label(),
      engineer: staff(),
      durationSeconds: seconds(),
      items: items().describe('Parts used.'),
      amount: money(),
      nextOn: day(),
    },
    personal: { address: address(), text: prose() },
    title: (body) =>
      line(
        both('Maintenance done', '完成维护'),
        body.product,
        price(body.amount),
        dated('next', '下次', body.nextOn),
      ),
    summary: both('A device was maintained as planned.', '按计划完成设备维护。'),
  }),
  defineType('service', 'warranty.registered', {
    channel: 'web',
    stage: 'after-sale',
    clear: {
      warranty: label(),
      order: label(),
      product: label(256),
      asset: label(),
      validUntil: dayOrMoment(),
    },
    personal: { address: address() },
    title: (body) =>
      line(
        numbered('Warranty', idOf(body, 'warranty'), 'registered', '登记保修'),
        body.product,
        dated('valid until', '有效期至', body.validUntil),
      ),
    summary: both('The customer registered a product for warranty.', '客户登记产品保修。'),
  }),
];

function complaint(body: Complaint, happened: string, zh: string) {
  return numbered('Complaint', idOf(body, 'case'), happened, zh);
}

function workorder(body: Complaint, happened: string, zh: string) {
  return numbered('Work order', idOf(body, 'workorder'), happened, zh);
}

function severity(body: Complaint) {
  return body.severity === undefined ? undefined : SEVERITY_NAMES[body.severity];
}

function ofOrder(body: Complaint) {
  return named('order', '订单', idOf(body, 'order'));
}

function due(time: string | undefined) {
  return dated('due', '期限', time);
}
