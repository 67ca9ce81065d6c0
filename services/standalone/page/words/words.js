import { OPERATIONS_WORDS } from './operations-words.js';

/**
 * Every word of the page's own, in both languages. `{n}` and the like are filled in; `one|many` are the two forms of
 * a number in English.
 */
export const WORDS = {
  ...OPERATIONS_WORDS,

  // What this is
  tagline: {
    en: 'Every touchpoint of every customer, on one timeline.',
    zh: '每位客户的每一次接触，都在同一条时间线上。',
  },
  taglineMore: {
    en: 'Calls, mails, orders, deliveries, payments and complaints of all departments, for everybody who serves the customer.',
    zh: '各部门的来电、邮件、订单、配送、付款与投诉，服务客户的每个人都看得到。',
  },
  skip: { en: 'Skip to content', zh: '跳到正文' },
  language: { en: 'Language', zh: '语言' },
  home: { en: 'Start page', zh: '首页' },

  // Finding
  search: { en: 'Find a customer', zh: '查找客户' },
  searchHint: {
    en: 'Name, phone, mail, order number or any words',
    zh: '姓名、电话、邮箱、订单号或任意词语',
  },
  searchButton: { en: 'Search', zh: '搜索' },
  searchResults: { en: 'Search results', zh: '搜索结果' },
  resultsFor: { en: 'Found for “{q}”', zh: '“{q}”的搜索结果' },
  customers: { en: 'Customers', zh: '客户' },
  entries: { en: 'Touchpoints', zh: '接触记录' },
  nothingFound: { en: 'Nothing was found for “{q}”.', zh: '没有找到与“{q}”相关的内容。' },
  nothingFoundHint: {
    en: 'Try fewer words, a part of the name, or the last digits of the phone or order number.',
    zh: '可以减少词语、只输入姓名的一部分，或输入电话、订单号的末几位。',
  },
  searchEmpty: { en: 'Type what you know of the customer.', zh: '请输入您所知道的客户信息。' },

  // Start page
  recent: { en: 'Recently in touch', zh: '最近接触的客户' },
  unnamed: { en: 'Customer without a name', zh: '未留姓名的客户' },
  touchpoints: { en: '{n} touchpoint|{n} touchpoints', zh: '{n} 次接触' },
  recorded: { en: 'touchpoint recorded|touchpoints recorded', zh: '条接触记录' },
  emptyTitle: { en: 'Nothing has been recorded yet', zh: '还没有任何记录' },
  emptyText: {
    en: 'Record the first touchpoint: paste this into a terminal. The customer then appears here by itself.',
    zh: '记录第一次接触：将下面的命令粘贴到终端执行，客户随后会自动出现在这里。',
  },
  firstTouchpoint: { en: 'Record a touchpoint', zh: '记录一次接触' },
  tokenHint: {
    en: '$TOKEN is your access token. It is in the file admin-token of the data folder (.touchline).',
    zh: '$TOKEN 是您的访问令牌，保存在数据文件夹（.touchline）的 admin-token 文件中。',
  },
  copy: { en: 'Copy', zh: '复制' },
  copied: { en: 'Copied', zh: '已复制' },
  building: {
    en: 'The customers are being worked out. They appear here in a moment.',
    zh: '正在整理客户，稍后会显示在这里。',
  },

  // What is running
  running: { en: 'What is running', zh: '运行状态' },
  ready: { en: 'Everything works', zh: '一切正常' },
  starting: { en: 'Starting …', zh: '正在启动…' },
  notReady: { en: 'Not everything works', zh: '部分功能不可用' },
  unreachable: { en: 'The server does not answer', zh: '服务器没有响应' },
  asking: { en: 'Asking the server …', zh: '正在查询…' },
  readModels: { en: 'Read models', zh: '读模型' },
  upToDate: { en: 'up to date', zh: '已是最新' },
  behind: { en: '{n} event behind|{n} events behind', zh: '落后 {n} 个事件' },
  parked: { en: '{n} customer held back|{n} customers held back', zh: '{n} 位客户被暂存' },
  checks: { en: 'Checks', zh: '检查项' },
  works: { en: 'works', zh: '正常' },
  fails: { en: 'does not work', zh: '异常' },
  version: { en: 'Version', zh: '版本' },
  runningFor: { en: 'Running for', zh: '已运行' },

  // For whoever connects a system
  connect: { en: 'Connect a system', zh: '接入系统' },
  apiPage: { en: 'API page', zh: 'API 文档' },
  apiPageHint: { en: 'every address, with examples to try', zh: '全部接口，可直接试用' },
  openapi: { en: 'OpenAPI description', zh: 'OpenAPI 描述文件' },
  openapiHint: { en: 'for machines', zh: '供程序使用' },
  signOut: { en: 'Sign out', zh: '退出登录' },

  // Customer
  firstSeen: { en: 'First contact', zh: '首次接触' },
  lastSeen: { en: 'Last contact', zh: '最近接触' },
  total: { en: 'Touchpoints', zh: '接触次数' },
  byType: { en: 'By type', zh: '按类型' },
  identifiers: { en: 'Known by', zh: '身份标识' },
  shared: { en: 'shared', zh: '共用' },
  sharedHint: { en: 'Several people use this. It ties nobody together.', zh: '多人共用，不用于关联客户。' },
  candidates: { en: 'Who might this be?', zh: '可能是哪位客户？' },
  candidatesHint: {
    en: 'The identifier is shared, so these touchpoints cannot be given to one customer with certainty.',
    zh: '该标识由多人共用，无法确定这些接触属于哪位客户。',
  },
  customerId: { en: 'Customer id', zh: '客户编号' },
  mergedFrom: { en: 'Earlier ids', zh: '曾用编号' },
  moved: {
    en: 'This customer was brought together with another. You see the current one.',
    zh: '该客户已与其他客户合并，现显示合并后的客户。',
  },

  // Identity
  identity: { en: 'Why is this one customer?', zh: '为什么是同一位客户？' },
  links: { en: 'Seen together', zh: '同时出现' },
  linksHint: {
    en: 'Identifiers that came on one and the same touchpoint.',
    zh: '这些标识出现在同一次接触中。',
  },
  decisions: { en: 'Decided by people', zh: '人工判定' },
  reviews: { en: 'For a person to look at', zh: '待人工核对' },
  undone: { en: 'undone', zh: '已撤销' },
  decisionMerge: { en: 'One and the same customer', zh: '判定为同一客户' },
  decisionNomerge: { en: 'Not the same customer', zh: '判定为不同客户' },
  decisionShared: { en: 'Identifier is shared', zh: '标识由多人共用' },
  reviewAccounts: { en: 'Different customer numbers of one system', zh: '同一系统中有不同的客户号' },
  reviewNomerge: { en: 'A person said these are not the same', zh: '曾人工判定为不同客户' },
  evidence: { en: 'Show the touchpoint', zh: '查看该次接触' },
  more: { en: 'and {n} more', zh: '另有 {n} 项' },
  nothingToExplain: {
    en: 'There is only one identifier, so there was nothing to bring together.',
    zh: '只有一个标识，无需合并。',
  },

  // Timeline
  timeline: { en: 'Timeline', zh: '时间线' },
  timesIn: { en: 'Times in {zone}', zh: '时间按 {zone} 显示' },
  live: { en: 'Live', zh: '实时' },
  connecting: { en: 'Connecting …', zh: '正在连接…' },
  reconnecting: { en: 'Reconnecting …', zh: '正在重连…' },
  paused: { en: 'Paused', zh: '已暂停' },
  liveHint: { en: 'New touchpoints appear by themselves.', zh: '新的接触会自动出现。' },
  justNow: { en: 'just now', zh: '刚刚' },
  today: { en: 'Today', zh: '今天' },
  yesterday: { en: 'Yesterday', zh: '昨天' },
  loadOlder: { en: 'Load older', zh: '加载更早的记录' },
  loading: { en: 'Loading …', zh: '加载中…' },
  beginning: { en: 'This is where it began.', zh: '以上为全部记录。' },
  noEntries: { en: 'No touchpoint matches the filter.', zh: '没有符合筛选条件的接触。' },
  noEntriesAtAll: { en: 'There is no touchpoint here.', zh: '这里没有接触记录。' },

  // Filter
  filter: { en: 'Filter', zh: '筛选' },
  filtered: { en: 'Filter (on)', zh: '筛选（已启用）' },
  anyType: { en: 'All types', zh: '全部类型' },
  anyChannel: { en: 'All channels', zh: '全部渠道' },
  anyDepartment: { en: 'All departments', zh: '全部部门' },
  type: { en: 'Type', zh: '类型' },
  channel: { en: 'Channel', zh: '渠道' },
  department: { en: 'Department', zh: '部门' },
  containing: { en: 'Containing', zh: '包含文字' },
  until: { en: 'Up to and including', zh: '截至（含当日）' },
  withRetracted: { en: 'Show retracted', zh: '显示已撤回' },
  clearFilter: { en: 'Clear filter', zh: '清除筛选' },

  // Entry
  late: { en: 'late', zh: '补录' },
  lateHint: { en: 'Recorded more than a day after it happened', zh: '在发生一天以后才录入' },
  corrected: { en: 'corrected', zh: '已更正' },
  retracted: { en: 'retracted', zh: '已撤回' },
  erased: { en: 'erased', zh: '已删除' },
  erasedHint: { en: 'The personal details were erased for ever.', zh: '个人信息已永久删除。' },
  correctedBy: { en: 'Corrected {time} by {by}', zh: '{by} 于 {time} 更正' },
  retractedBy: { en: 'Retracted {time} by {by}', zh: '{by} 于 {time} 撤回' },
  somebody: { en: 'somebody', zh: '某人' },
  was: { en: 'was', zh: '原为' },
  happened: { en: 'Happened', zh: '发生时间' },
  recordedAt: { en: 'Recorded', zh: '录入时间' },
  later: { en: '{length} later', zh: '{length}后' },
  direction: { en: 'Started by', zh: '发起方' },
  stage: { en: 'Stage', zh: '阶段' },
  reason: { en: 'Reason', zh: '原因' },
  about: { en: 'About', zh: '涉及' },
  agent: { en: 'Member of staff', zh: '经办人' },
  source: { en: 'Source', zh: '来源' },
  eventid: { en: 'Event id', zh: '事件编号' },
  position: { en: 'Log position', zh: '日志位置' },
  asJson: { en: 'As JSON', zh: '查看 JSON' },
  yes: { en: 'yes', zh: '是' },
  no: { en: 'no', zh: '否' },

  // Problems
  tryAgain: { en: 'Try again', zh: '重试' },
  toStart: { en: 'To the start page', zh: '返回首页' },
  noSuchPage: { en: 'There is no such page', zh: '没有这个页面' },
  noConnection: { en: 'The server cannot be reached', zh: '无法连接服务器' },
  noConnectionHint: {
    en: 'Please check that it is still running, then try again.',
    zh: '请确认服务仍在运行，然后重试。',
  },
  unexpected: { en: 'Something unexpected happened', zh: '发生了意外情况' },
};
