/** Names for the values touchpoints carry: [English, Chinese]. What is missing is shown as it was recorded. */
export const NAMES = {
  channel: {
    phone: ['Phone', '电话'],
    email: ['E-mail', '邮件'],
    chat: ['Chat', '在线聊天'],
    sms: ['Text', '短信'],
    wechat: ['WeChat', '微信'],
    fax: ['Fax', '传真'],
    letter: ['Letter', '信件'],
    web: ['Web', '网页'],
    app: ['App', '应用'],
    store: ['Store', '门店'],
    'on-site': ['On-site', '现场'],
    partner: ['Partner', '合作伙伴'],
  },
  department: {
    service: ['Service', '客服'],
    sales: ['Sales', '销售'],
    finance: ['Finance', '财务'],
    delivery: ['Delivery', '配送'],
    marketing: ['Marketing', '市场'],
    repair: ['Repair', '维修'],
  },
  stage: {
    'pre-sale': ['Before the sale', '售前'],
    sale: ['Sale', '售中'],
    'after-sale': ['After the sale', '售后'],
  },
  /** Who started it. */
  direction: {
    inbound: ['the customer', '客户'],
    outbound: ['us', '我方'],
  },
  kind: {
    account: ['Account', '客户号'],
    mailto: ['E-mail', '邮箱'],
    tel: ['Phone', '电话'],
    wechat: ['WeChat', '微信'],
    device: ['Device', '设备'],
    cookie: ['Browser', '浏览器'],
    reference: ['Reference', '业务单据'],
    customer: ['Customer', '客户'],
  },
  reference: {
    order: ['Order', '订单'],
    invoice: ['Invoice', '发票'],
    quote: ['Quote', '报价单'],
    case: ['Case', '工单'],
    shipment: ['Shipment', '货运单'],
    payment: ['Payment', '付款'],
    workorder: ['Work order', '维修工单'],
    product: ['Product', '产品'],
    contract: ['Contract', '合同'],
    campaign: ['Campaign', '活动'],
    promise: ['Promise', '承诺'],
    survey: ['Survey', '调查'],
    return: ['Return', '退货单'],
  },
  /** Where a read model stands. */
  state: {
    loading: ['being built', '正在构建'],
    live: ['live', '运行中'],
    running: ['running', '运行中'],
    'catching-up': ['catching up', '追赶中'],
    failed: ['stopped by an error', '因错误停止'],
    stopped: ['stopped', '已停止'],
    paused: ['paused', '已暂停'],
    stalled: ['behind and not moving', '停滞'],
    unavailable: ['cannot be read', '无法读取'],
  },
  /** Where a rebuild stands. */
  rebuild: {
    planned: ['planned', '已计划'],
    running: ['running', '进行中'],
    'catching-up': ['catching up', '追赶中'],
    verifying: ['comparing', '比对中'],
    paused: ['paused', '已暂停'],
    ready: ['equal, ready to be made live', '一致，待启用'],
    differs: ['differs from the live one', '与现用版本不一致'],
    promoted: ['made live', '已启用'],
    done: ['done', '已完成'],
    failed: ['failed', '失败'],
    cancelled: ['cancelled', '已取消'],
  },
};

/** The name of a value in a language (`en`, `zh`). */
export function nameOf(group, value, language) {
  const names = NAMES[group];
  if (names === undefined || !Object.hasOwn(names, value)) return String(value);
  return names[value][language === 'zh' ? 1 : 0];
}
