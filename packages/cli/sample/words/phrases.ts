type Phrases = readonly [string, ...string[]];

/** What people say, by occasion, in both languages. */
export const PHRASES = {
  interest: {
    zh: [
      '家里水垢很重,想了解一下净水器。',
      '想给办公室装一台饮水机,大概多少钱?',
      '朋友推荐的,想看看产品资料。',
    ],
    en: [
      'Our tap water is very hard, what would you suggest?',
      'Could you send me a price list for offices?',
    ],
  },
  question: {
    zh: ['请问滤芯多久换一次?', '安装需要我自己准备什么吗?', '这款支持以旧换新吗?', '发票可以开公司抬头吗?'],
    en: [
      'How often does the filter have to be changed?',
      'Is installation included?',
      'Do you ship to Canada?',
    ],
  },
  answer: {
    zh: [
      '一般六到十二个月更换一次,水质差的地区请缩短。',
      '工程师会带齐配件,您不用准备。',
      '可以的,下单时填写抬头即可。',
    ],
    en: [
      'Every six to twelve months, sooner with hard water.',
      'Yes, our engineer brings everything that is needed.',
    ],
  },
  late: {
    zh: ['说好上周到的,现在物流还没动,太失望了!', '我已经等了十天,到底什么时候能送到?', '再不发货我就退款。'],
    en: [
      'It was promised for last week and nothing has moved.',
      'I have been waiting for ten days. When will it come?',
    ],
  },
  broken: {
    zh: ['用了三天就漏水,厨房地板都泡了。', '开机没有反应,指示灯也不亮。', '噪音特别大,晚上睡不着。'],
    en: [
      'It leaks after three days, the kitchen floor is wet.',
      'It does not switch on at all.',
      'It is far too loud.',
    ],
  },
  sorry: {
    zh: ['非常抱歉给您带来不便,我们会尽快处理。', '已经为您加急,今天之内给您答复。'],
    en: [
      'We are sorry for the trouble and will look into it at once.',
      'We have given it priority, you hear from us today.',
    ],
  },
  promise: {
    zh: ['明天下午六点前给您回电。', '三天内安排工程师上门。', '本周五前退款到账。'],
    en: [
      'We call you back by six tomorrow.',
      'An engineer comes within three days.',
      'The refund arrives by Friday.',
    ],
  },
  thanks: {
    zh: ['谢谢,问题解决了。', '好的,辛苦了。', '很满意,师傅很专业。'],
    en: ['Thanks, that solved it.', 'All right, thank you.', 'Very happy, the engineer knew his work.'],
  },
  unhappy: {
    zh: ['问题又出现了,根本没修好。', '客服态度很差,不会再买了。', '每次都要重新解释一遍。'],
    en: [
      'It is back, nothing was fixed.',
      'I had to explain everything again.',
      'I will not buy here again.',
    ],
  },
  dunning: {
    zh: ['您的款项已逾期,请尽快支付。', '请于七日内付清,否则将影响后续服务。'],
    en: ['Your payment is overdue, please settle it.', 'Please pay within seven days to keep your service.'],
  },
  praise: {
    zh: ['水质明显变好,泡茶口感不一样了。', '安装很快,师傅还帮忙清理了现场。'],
    en: ['The water tastes much better now.', 'Installed quickly and left everything clean.'],
  },
  note: {
    zh: ['客户偏好下午联系。', '家里有老人,上门请提前打电话。', '上次投诉后比较敏感,注意语气。'],
    en: [
      'Prefers to be called in the afternoon.',
      'Please ring before visiting.',
      'Was upset last time, tread lightly.',
    ],
  },
  negotiation: {
    zh: ['同样配置别家便宜两百。', '价格再低一点今天就能定。'],
    en: ['Others are cheaper for the same thing.', 'A little less and we order today.'],
  },
  staff: {
    zh: ['最近加班比较多,排班希望提前通知。', '新系统好用多了。'],
    en: ['Many late shifts lately.', 'The new tools help a lot.'],
  },
} as const satisfies Readonly<Record<string, Readonly<Record<'zh' | 'en', Phrases>>>>;

export type Occasion = keyof typeof PHRASES;
