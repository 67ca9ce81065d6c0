import { type Catalogue, defineCatalogue } from './catalogue.ts';
import type { Line, Touchpoint } from './touchpoint.ts';
import { contact } from './types/contact.ts';
import { delivery } from './types/delivery.ts';
import { feedback } from './types/feedback.ts';
import { finance } from './types/finance.ts';
import { party } from './types/party.ts';
import { promise } from './types/promise.ts';
import { record } from './types/record.ts';
import { sales } from './types/sales.ts';
import { service } from './types/service.ts';

/** The language, version 1. */
export const catalogue: Catalogue = defineCatalogue({
  types: [contact, sales, delivery, finance, service, promise, feedback, party, record].flat(),
});

/** One line about a touchpoint in English and Chinese, without personal fields. */
export function describe(touchpoint: Touchpoint): Line {
  return catalogue.describe(touchpoint);
}
