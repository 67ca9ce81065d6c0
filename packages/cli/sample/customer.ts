import { Random } from './random.ts';
import * as names from './words/names.ts';

export type Language = 'zh' | 'en';
export type Currency = 'CNY' | 'USD';

/** Somebody the made-up company deals with. Departments know them by different identifiers. */
export interface SampleCustomer {
  /** From 0; names everything about them. */
  readonly index: number;
  readonly language: Language;
  readonly currency: Currency;
  readonly kind: 'person' | 'household' | 'organisation';
  readonly name: string;
  readonly company: string | undefined;
  readonly city: string;
  readonly address: Readonly<Record<string, unknown>>;
  /** In the shop, from registration on. */
  readonly account: string;
  /** In the books; organisations only. */
  readonly debtor: string | undefined;
  readonly mail: string;
  /** Shared with the neighbour in the list when `sharesPhone`. */
  readonly phone: string | undefined;
  readonly sharesPhone: boolean;
  readonly wechat: string | undefined;
  readonly cookie: string;
  readonly device: string;
}

const PAIRS_SHARING = 0.06;
const FIRST_AREA_CODE = 201;
const AREA_CODES = 789;
const NUMBERS_PER_AREA = 100;

export function makeCustomer(seed: number, index: number): SampleCustomer {
  const random = new Random(seed, 1, index);
  const language: Language = random.chance(0.7) ? 'zh' : 'en';
  const kind = random.chance(0.2) ? 'organisation' : random.chance(0.5) ? 'household' : 'person';
  const { name, mailbox } = language === 'zh' ? chineseName(random) : englishName(random);
  const pair = Math.floor(index / 2);
  const sharesPhone = pair === 0 || new Random(seed, 2, pair).chance(PAIRS_SHARING);
  const place = language === 'zh' ? chinesePlace(random, name) : englishPlace(random, name);
  return {
    index,
    language,
    currency: language === 'zh' ? 'CNY' : 'USD',
    kind,
    name,
    company: kind === 'organisation' ? company(random, language, place.city) : undefined,
    ...place,
    account: `account:shop:${100_000 + index}`,
    debtor: kind === 'organisation' ? `account:erp:D${10_000 + index}` : undefined,
    mail: `mailto:${mailbox}.${index}@${language === 'zh' ? 'example.cn' : 'example.com'}`,
    phone: phoneOf(sharesPhone ? pair * 2 : index, sharesPhone || language === 'zh'),
    sharesPhone,
    wechat: language === 'zh' ? `wechat:oa:o${random.text(20)}${index}` : undefined,
    cookie: `cookie:${random.text(16)}${index}`,
    device: `device:${random.text(12)}${index}`,
  };
}

/**
 * North America keeps 555-0100 to 555-0199 of every area code for fiction. China keeps none: there, a number that
 * begins with 100, as nobody's does. Runs out of American numbers before it gives one to two people.
 */
function phoneOf(index: number, isChinese: boolean): string | undefined {
  if (isChinese) return `tel:+86100${String(index).padStart(8, '0')}`;
  const area = Math.floor(index / NUMBERS_PER_AREA);
  if (area >= AREA_CODES) return undefined;
  return `tel:+1${FIRST_AREA_CODE + area}55501${String(index % NUMBERS_PER_AREA).padStart(2, '0')}`;
}

function chineseName(random: Random): { name: string; mailbox: string } {
  const [family, familyLatin] = random.pick(names.FAMILY_NAMES);
  const [given, givenLatin] = random.pick(names.GIVEN_NAMES);
  return { name: `${family}${given}`, mailbox: `${givenLatin}.${familyLatin}` };
}

function englishName(random: Random): { name: string; mailbox: string } {
  const first = random.pick(names.ENGLISH_FIRST);
  const last = random.pick(names.ENGLISH_LAST);
  return { name: `${first} ${last}`, mailbox: `${first}.${last}`.toLowerCase() };
}

function chinesePlace(random: Random, name: string): Pick<SampleCustomer, 'city' | 'address'> {
  const [city, state, postal] = random.pick(names.CITIES);
  const line = `${random.pick(names.STREETS)}${random.whole(1, 400)}号${random.whole(1, 30)}幢${random.whole(101, 2_802)}室`;
  const district = random.pick(names.DISTRICTS);
  const postalCode = `${postal}${random.whole(10, 99)}`;
  return { city, address: { name, lines: [line], district, city, state, postalCode, country: 'CN' } };
}

function englishPlace(random: Random, name: string): Pick<SampleCustomer, 'city' | 'address'> {
  const city = random.pick(names.ENGLISH_CITIES);
  const line = `${random.whole(1, 900)} ${random.pick(names.ENGLISH_STREETS)}`;
  return {
    city,
    address: { name, lines: [line], city, postalCode: String(random.whole(10_000, 99_999)), country: 'US' },
  };
}

function company(random: Random, language: Language, city: string): string {
  return language === 'zh'
    ? `${city}${random.pick(names.STREETS).slice(0, 2)}${random.pick(names.CHINESE_COMPANIES)}有限公司`
    : `${city} ${random.pick(names.ENGLISH_COMPANIES)} Inc.`;
}
