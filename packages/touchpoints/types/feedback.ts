import { choice, code, day, dayOrMoment, label, listOf, measure, money, prose, record } from '../fields.ts';
import { CHANNELS } from '../touchpoint.ts';
import { defineType, type TouchpointType } from '../touchpoint-type.ts';
import { both, counted, dated, idOf, line, named, numbered, price } from '../wording.ts';

/** The five dimensions of SERVQUAL. */
export const SERVICE_DIMENSIONS = [
  'reliability',
  'tangibles',
  'responsiveness',
  'assurance',
  'empathy',
] as const;
const STAFF_DIMENSIONS = ['conditions', 'culture', 'pay', 'opportunity'] as const;

const survey = label().describe('Number of the survey.');
const campaign = label().describe('Number of the campaign.');
const coupon = label().describe('Code of the coupon.');
const score = () => measure(0, 1_000);

const consent = {
  clear: {
    purpose: label(256).describe('What it is for: marketing, profiling, ...'),
    channels: listOf(choice(CHANNELS)).describe('Ways it holds for; all when it is left out.'),
    document: label(256).describe('Version of the text that was agreed to.'),
    validUntil: dayOrMoment(),
  },
  personal: { evidence: prose(), ip: label(64) },
};

export const feedback: readonly TouchpointType[] = [
  defineType('feedback', 'survey.sent', {
    channel: 'email',
    stage: 'after-sale',
    clear: { survey, campaign, order: label(), case: label(), dueOn: day() },
    title: (body) =>
      line(
        numbered('Survey', idOf(body, 'survey'), 'sent', '发送调查'),
        named('order', '订单', idOf(body, 'order')),
        dated('until', '截止', body.dueOn),
      ),
    summary: both('The customer was asked how content they are.', '向客户发送满意度调查。'),
  }),
  defineType('feedback', 'survey.answered', {
    channel: 'email',
    stage: 'after-sale',
    clear: {
      survey,
      order: label(),
      case: label(),
      items: listOf(
        record({
          item: label(256).describe('Which question.'),
          dimension: choice(SERVICE_DIMENSIONS),
          expected: score().describe('What the customer expects.'),
          perceived: score().describe('What the customer got, on the same scale.'),
          scale: score().describe('Highest value of the scale.'),
        }),
      ),
      nps: measure(0, 10).describe('Would recommend, 0 to 10.'),
      csat: measure(1, 5).describe('Satisfied, 1 to 5.'),
      ces: measure(1, 7).describe('It was easy, 1 to 7.'),
    },
    personal: { comment: prose() },
    title: (body) =>
      line(
        numbered('Survey', idOf(body, 'survey'), 'answered', '回答调查'),
        counted(body.items?.length, 'item', '项'),
        named('NPS', 'NPS', body.nps),
        named('CSAT', 'CSAT', body.csat),
        named('CES', 'CES', body.ces),
      ),
    summary: both('The customer said what they expected and what they got.', '客户回答了期望与实际感受。'),
  }),
  defineType('feedback', 'review.posted', {
    channel: 'web',
    stage: 'after-sale',
    clear: {
      review: label(),
      order: label(),
      product: label(256),
      rating: score(),
      ratingMax: score(),
      site: label(256),
    },
    personal: { headline: label(512), text: prose(), url: prose(2_048) },
    title: (body) =>
      line(both('Review posted', '发表评价'), body.product, rating(body.rating, body.ratingMax)),
    summary: both('The customer reviewed a product or the company in public.', '客户公开评价产品或公司。'),
  }),
  defineType('feedback', 'referral.made', {
    channel: 'web',
    stage: 'after-sale',
    clear: { referral: label(), campaign, coupon, product: label(256), rewardAmount: money() },
    personal: { referred: label(512).describe('Identifier of who was referred.'), referredName: label(512) },
    title: (body) =>
      line(
        numbered('Referral', idOf(body, 'referral'), 'made', '推荐他人'),
        body.product,
        named('reward', '奖励', price(body.rewardAmount)),
      ),
    summary: both('The customer recommended the company to somebody.', '客户向他人推荐公司。'),
  }),
  defineType('feedback', 'campaign.sent', {
    channel: 'email',
    stage: 'pre-sale',
    clear: {
      campaign,
      name: label(256).describe('What the campaign is called.'),
      kind: label(),
      variant: label(),
      template: label(),
      startOn: day(),
      endOn: day(),
    },
    title: (body) =>
      line(
        numbered('Campaign', idOf(body, 'campaign'), 'sent', '发送营销活动'),
        body.name,
        dated('until', '截止', body.endOn),
      ),
    summary: both('The customer was sent an advertisement.', '向客户发送营销信息。'),
  }),
  defineType('feedback', 'coupon.redeemed', {
    channel: 'store',
    stage: 'sale',
    clear: {
      coupon,
      campaign,
      order: label(),
      product: label(256),
      store: label(),
      amount: money().describe('What was saved.'),
    },
    title: (body) =>
      line(
        numbered('Coupon', idOf(body, 'coupon'), 'redeemed', '使用优惠券'),
        price(body.amount),
        named('campaign', '活动', idOf(body, 'campaign')),
      ),
    summary: both('The customer used a coupon.', '客户使用了优惠券。'),
  }),
  defineType('feedback', 'consent.granted', {
    channel: 'web',
    stage: 'pre-sale',
    ...consent,
    title: (body) =>
      line(
        both('Consent granted', '给予同意'),
        body.purpose,
        dated('valid until', '有效期至', body.validUntil),
      ),
    summary: both('The customer allowed the company to do something.', '客户授权公司进行某项活动。'),
  }),
  defineType('feedback', 'consent.revoked', {
    channel: 'web',
    stage: 'after-sale',
    ...consent,
    title: (body) => line(both('Consent revoked', '撤回同意'), body.purpose),
    summary: both('The customer took a consent back.', '客户撤回了授权。'),
  }),
  defineType('feedback', 'staffpulse.answered', {
    channel: 'web',
    stage: 'after-sale',
    clear: {
      survey,
      team: label(),
      items: listOf(
        record({ item: label(256), dimension: choice(STAFF_DIMENSIONS), score: score(), scale: score() }),
      ),
      kind: code(),
    },
    personal: { comment: prose() },
    title: (body) =>
      line(
        both('Staff pulse answered', '员工回答满意度调查'),
        named('team', '团队', body.team),
        counted(body.items?.length, 'item', '项'),
      ),
    summary: both('A member of staff said how content they are.', '员工反馈了自己的满意度。'),
  }),
];

function rating(value: number | undefined, max: number | undefined) {
  if (value === undefined) return undefined;
  return max === undefined
    ? named('rating', '评分', value)
    : both(`rating ${value} of ${max}`, `评分 ${value}/${max}`);
}
