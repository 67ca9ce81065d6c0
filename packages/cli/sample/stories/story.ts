import type { Diary } from '../diary.ts';
import { becomeLead, browse, writeOnWechat } from './acquaintance.ts';
import { ask, paperwork, recommend, staffPulse, visitStore } from './contact.ts';
import { installAndRepair } from './field-service.ts';
import { renegotiate } from './promises.ts';
import { purchase } from './purchase.ts';
import { quotation } from './quotation.ts';
import { putRight } from './records.ts';
import { lateDelivery, sendBack } from './trouble.ts';
import { mergeByHand, revokeConsent, shareTelephone } from './who-is-who.ts';

/** Something that happens between a customer and the company, from its beginning to its end. */
export type Story = (diary: Diary) => void;

/** Each with how often it happens. Together and told thoroughly, they use every type of the catalogue. */
export const STORIES: readonly (readonly [Story, number])[] = [
  [purchase, 26],
  [lateDelivery, 9],
  [browse, 14],
  [ask, 9],
  [writeOnWechat, 9],
  [installAndRepair, 8],
  [quotation, 6],
  [visitStore, 7],
  [sendBack, 3],
  [becomeLead, 3],
  [paperwork, 2],
  [renegotiate, 2],
  [putRight, 2],
  [mergeByHand, 2],
  [recommend, 2],
  [revokeConsent, 1],
  [staffPulse, 1],
];

export { shareTelephone };
