/** What the types of touchpoints are called, by group: [English, Chinese]. A type that is missing is called by its code. */
const NAMES = {
  contact: {
    'call.completed': ['Call', '通话'],
    'call.missed': ['Missed call', '未接来电'],
    'email.received': ['E-mail received', '收到邮件'],
    'email.sent': ['E-mail sent', '发送邮件'],
    'message.received': ['Message received', '收到消息'],
    'message.sent': ['Message sent', '发送消息'],
    'fax.received': ['Fax received', '收到传真'],
    'letter.received': ['Letter received', '收到信件'],
    'letter.sent': ['Letter sent', '寄出信件'],
    'meeting.held': ['Meeting', '会议'],
    'visit.completed': ['Visit', '拜访'],
    'web.visited': ['Web visit', '访问网站'],
    'checkout.abandoned': ['Checkout abandoned', '放弃结账'],
    'info.requested': ['Information requested', '索取资料'],
    'question.asked': ['Question asked', '提出问题'],
    'question.answered': ['Question answered', '答复问题'],
    'note.added': ['Note', '备注'],
  },
  sales: {
    'lead.captured': ['Lead captured', '获得线索'],
    'lead.graded': ['Lead graded', '线索评级'],
    'quote.issued': ['Quote issued', '发出报价'],
    'quote.accepted': ['Quote accepted', '接受报价'],
    'quote.rejected': ['Quote rejected', '拒绝报价'],
    'discount.granted': ['Discount granted', '给予折扣'],
    'concession.granted': ['Concession granted', '作出让步'],
    'order.placed': ['Order placed', '下单'],
    'order.changed': ['Order changed', '更改订单'],
    'order.cancelled': ['Order cancelled', '取消订单'],
    'order.refunded': ['Order refunded', '订单退款'],
    'competitor.mentioned': ['Competitor mentioned', '提及竞争对手'],
  },
  delivery: {
    'delivery.promised': ['Delivery promised', '承诺送达'],
    'shipment.dispatched': ['Shipment dispatched', '发货'],
    'shipment.delayed': ['Shipment delayed', '发货延误'],
    'shipment.delivered': ['Shipment delivered', '送达'],
    'return.received': ['Return received', '收到退货'],
    'install.completed': ['Installation', '安装完成'],
  },
  finance: {
    'invoice.issued': ['Invoice issued', '开具发票'],
    'payment.received': ['Payment received', '收到付款'],
    'payment.overdue': ['Payment overdue', '付款逾期'],
    'dunning.sent': ['Payment reminder', '催款'],
    'cost.recorded': ['Cost recorded', '记录成本'],
  },
  service: {
    'complaint.raised': ['Complaint raised', '提出投诉'],
    'complaint.acknowledged': ['Complaint acknowledged', '受理投诉'],
    'complaint.assigned': ['Complaint assigned', '指派投诉'],
    'complaint.escalated': ['Complaint escalated', '投诉升级'],
    'complaint.resolved': ['Complaint resolved', '解决投诉'],
    'complaint.reopened': ['Complaint reopened', '重开投诉'],
    'complaint.closed': ['Complaint closed', '关闭投诉'],
    'workorder.requested': ['Work order requested', '申请工单'],
    'workorder.dispatched': ['Engineer sent', '派工'],
    'workorder.arrived': ['Engineer arrived', '工程师到达'],
    'workorder.completed': ['Work order completed', '完成工单'],
    'maintenance.done': ['Maintenance', '设备维护'],
    'warranty.registered': ['Warranty registered', '登记保修'],
  },
  promise: {
    'promise.made': ['Promise made', '作出承诺'],
    'promise.renegotiated': ['Promise renegotiated', '重新约定承诺'],
    'promise.kept': ['Promise kept', '兑现承诺'],
    'promise.broken': ['Promise broken', '未兑现承诺'],
    'promise.cancelled': ['Promise cancelled', '取消承诺'],
  },
  feedback: {
    'survey.sent': ['Survey sent', '发送调查'],
    'survey.answered': ['Survey answered', '回答调查'],
    'review.posted': ['Review posted', '发表评价'],
    'referral.made': ['Referral', '推荐他人'],
    'campaign.sent': ['Campaign sent', '营销活动'],
    'coupon.redeemed': ['Coupon redeemed', '使用优惠券'],
    'consent.granted': ['Consent granted', '给予同意'],
    'consent.revoked': ['Consent revoked', '撤回同意'],
    'staffpulse.answered': ['Staff survey', '员工反馈'],
  },
  party: {
    'customer.registered': ['Customer registered', '客户注册'],
    'party.merged': ['Customers merged', '合并客户'],
    'party.unmerged': ['Decision undone', '撤销客户判定'],
    'party.nomerge-declared': ['Declared different', '判定为不同客户'],
    'identifier.marked-shared': ['Marked as shared', '标记共用标识'],
    'customer.erased': ['Customer erased', '删除客户数据'],
  },
  record: {
    'record.corrected': ['Record corrected', '更正记录'],
    'record.retracted': ['Record retracted', '撤回记录'],
  },
};

const TYPES = new Map(
  Object.entries(NAMES).flatMap(([group, names]) =>
    Object.entries(names).map(([type, [en, zh]]) => [type, { group, en, zh }]),
  ),
);

/** `call.completed` for `touchline.call.completed.v1`. */
export function shortType(type) {
  return type.replace(/^touchline\./, '').replace(/\.v\d+$/, '');
}

/** `{ group, en, zh }` of a type; for one that is not known, its code. */
export function typeName(type) {
  const short = shortType(type);
  return TYPES.get(short) ?? { group: 'other', en: short, zh: short };
}
