import type { SampleCustomer } from './customer.ts';

type Known = (customer: SampleCustomer) => readonly (string | undefined)[];

/** A system that feeds the log: what it is called, whose it is, and by what it knows a customer. */
export interface System {
  readonly source: string;
  readonly department: string;
  /** The first is the event's subject; the others are seen with it. */
  readonly knows: Known;
  /** How long a touchpoint takes to arrive, in milliseconds: from and to. */
  readonly delayMs: readonly [number, number];
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
const AT_ONCE = [0, 5 * SECOND_MS] as const;
const NIGHTLY = [HOUR_MS, 20 * HOUR_MS] as const;

const byAccount: Known = ({ account }) => [account];
const byPhone: Known = ({ phone, mail }) => [phone ?? mail];
const byMail: Known = ({ mail }) => [mail];

export const SYSTEMS = {
  site: system('https://www.example.cn', 'marketing', ({ cookie }) => [cookie], AT_ONCE),
  app: system('https://app.example.cn', 'marketing', ({ device }) => [device], AT_ONCE),
  shop: system('https://shop.example.cn', 'sales', byAccount, AT_ONCE),
  /** A customer signs in: the moment that ties account, mail, browser and app together. */
  signIn: system(
    'https://shop.example.cn/accounts',
    'sales',
    ({ account, mail, cookie, device }) => [account, mail, cookie, device],
    AT_ONCE,
  ),
  /** Somebody fills in the form with everything. */
  register: system(
    'https://shop.example.cn/accounts',
    'sales',
    ({ account, mail, phone, cookie }) => [account, mail, phone, cookie],
    AT_ONCE,
  ),
  pbx: system('/pbx/hangzhou', 'service', byPhone, AT_ONCE),
  mail: system('/mail/gateway', 'service', byMail, [SECOND_MS, 90 * SECOND_MS]),
  wechat: system('/wechat/official-account', 'service', ({ wechat, mail }) => [wechat ?? mail], AT_ONCE),
  crm: system('/crm', 'sales', ({ mail, phone }) => [mail, phone], [SECOND_MS, 4 * HOUR_MS]),
  erp: system('/erp/finance', 'finance', ({ debtor, account, mail }) => [debtor ?? account, mail], NIGHTLY),
  /** The warehouse knows orders only: its touchpoints belong to whoever ordered. */
  warehouse: system('/erp/warehouse', 'delivery', () => [], [SECOND_MS, HOUR_MS]),
  desk: system('/desk', 'service', byAccount, AT_ONCE),
  field: system('/field-service', 'repair', byPhone, [SECOND_MS, 2 * DAY_MS]),
  mailer: system('/mailer', 'marketing', byMail, AT_ONCE),
  scanner: system('/front-desk/scanner', 'service', byMail, [HOUR_MS, 5 * DAY_MS]),
  store: system('/store/west-lake', 'sales', byPhone, NIGHTLY),
  surveys: system('https://surveys.example.cn', 'marketing', byMail, AT_ONCE),
  staffPulse: system('/hr/pulse', 'hr', () => [], AT_ONCE),
  /** People decide in Touchline itself. */
  touchline: system('/touchline/desk', 'service', byAccount, AT_ONCE),
} as const satisfies Readonly<Record<string, System>>;

export type SystemName = keyof typeof SYSTEMS;

function system(
  source: string,
  department: string,
  knows: Known,
  delayMs: readonly [number, number],
): System {
  return { source, department, knows, delayMs };
}
