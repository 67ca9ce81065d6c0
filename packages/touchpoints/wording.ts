import type { Channel, Line, Money } from './touchpoint.ts';

/** The pieces titles are made of. A piece whose value is missing vanishes from the line. */

type Piece = Line | string | undefined;

const SEPARATOR: Line = { en: ', ', zh: ',' };

/** A head and what is known besides, as one line. A plain text reads the same in both languages. */
export function line(head: Line, ...pieces: readonly Piece[]): Line {
  const known = [head, ...pieces].filter((piece) => piece !== undefined);
  return { en: known.map(english).join(SEPARATOR.en), zh: known.map(chinese).join(SEPARATOR.zh) };
}

export function both(en: string, zh: string): Line {
  return { en, zh };
}

/** `Order 8891 placed` / `下单 8891`; without the number `Order placed` / `下单`. */
export function numbered(thing: string, id: string | undefined, happened: string, zh: string): Line {
  const named = id === undefined ? thing : `${thing} ${id}`;
  return both(happened === '' ? named : `${named} ${happened}`, id === undefined ? zh : `${zh} ${id}`);
}

/** `order 8891` / `订单 8891`. */
export function named(en: string, zh: string, value: string | number | undefined): Line | undefined {
  return value === undefined ? undefined : both(`${en} ${value}`, `${zh} ${value}`);
}

/** Number of a business object: the field itself, else the id of the first reference of that kind. */
export function idOf(
  body: { readonly about?: readonly string[] | undefined; readonly [field: string]: unknown },
  kind: string,
): string | undefined {
  const own = body[kind];
  if (typeof own === 'string') return own;
  const reference = body.about?.find((text) => text.startsWith(`${kind}:`));
  return reference?.slice(reference.indexOf(':', kind.length + 1) + 1);
}

/** `3 items` / `3 件`: the number of lines, since quantities may be kilos or metres. */
export function pieces(items: readonly unknown[] | undefined): Line | undefined {
  return items === undefined || items.length === 0 ? undefined : counted(items.length, 'item', '件');
}

/** `1 page` / `1 页`, `3 pages` / `3 页`. */
export function counted(count: number | undefined, en: string, zh: string): Line | undefined {
  return count === undefined ? undefined : both(`${count} ${en}${count === 1 ? '' : 's'}`, `${count} ${zh}`);
}

/** `420.00 CNY`. */
export function price(money: Money | undefined): string | undefined {
  return money === undefined ? undefined : `${money.amount} ${money.currency}`;
}

/** `3 min 20 s` / `3 分 20 秒`; from an hour on without seconds. */
export function duration(seconds: number | undefined): Line | undefined {
  if (seconds === undefined) return undefined;
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return min > 0 ? both(`${h} h ${min} min`, `${h} 小时 ${min} 分`) : both(`${h} h`, `${h} 小时`);
  if (min > 0)
    return s > 0 ? both(`${min} min ${s} s`, `${min} 分 ${s} 秒`) : both(`${min} min`, `${min} 分钟`);
  return both(`${s} s`, `${s} 秒`);
}

/** `waited 45 s` / `等候 45 秒`. */
export function during(en: string, zh: string, seconds: number | undefined): Line | undefined {
  const length = duration(seconds);
  return length === undefined ? undefined : both(`${en} ${length.en}`, `${zh} ${length.zh}`);
}

/** `due 2026-11-25 18:00` / `期限 2026-11-25 18:00`, as the producer's clock showed it. */
export function dated(en: string, zh: string, time: string | undefined): Line | undefined {
  if (time === undefined) return undefined;
  return named(en, zh, time.length > 10 ? `${time.slice(0, 10)} ${time.slice(11, 16)}` : time);
}

const CHANNEL_NAMES: Readonly<Record<Channel, Line>> = {
  phone: both('Phone', '电话'),
  email: both('E-mail', '邮件'),
  chat: both('Chat', '在线聊天'),
  sms: both('Text', '短信'),
  wechat: both('WeChat', '微信'),
  fax: both('Fax', '传真'),
  letter: both('Letter', '信件'),
  web: both('Web', '网页'),
  app: both('App', '应用'),
  store: both('Store', '门店'),
  'on-site': both('On-site', '现场'),
  partner: both('Partner', '合作伙伴'),
};

export function channelName(channel: Channel): Line {
  return CHANNEL_NAMES[channel];
}

function english(piece: Line | string): string {
  return typeof piece === 'string' ? piece : piece.en;
}

function chinese(piece: Line | string): string {
  return typeof piece === 'string' ? piece : piece.zh;
}
