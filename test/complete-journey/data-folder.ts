import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The real data set, beside the repository; its README says what must come out. */
export const COMPLETE_JOURNEY = join(import.meta.dirname, '../../..', 'shared/data/complete-journey');

/** Why tests on real data cannot run here; nothing when they can. */
export const missingData: string | undefined = existsSync(join(COMPLETE_JOURNEY, 'transactions_sample.csv'))
  ? undefined
  : `${COMPLETE_JOURNEY} is missing`;

/** Whether this run insists on the data. */
export const isDataRequired = (process.env.TOUCHLINE_TEST_REQUIRE ?? '')
  .split(',')
  .includes('complete-journey');

/** Input files and the mappings that lie beside this file. */
export const FILES = [
  { input: 'transactions_sample.csv', mapping: 'transactions.json', touchpoints: 47_243 },
  { input: 'campaign_mailings.csv', mapping: 'campaign-mailings.json', touchpoints: 6_589 },
  { input: 'coupon_redemptions.csv', mapping: 'coupon-redemptions.json', touchpoints: 2_102 },
  { input: 'demographics.csv', mapping: 'demographics.json', touchpoints: 801 },
] as const;
