import { type Catalogue, isPersonalAttribute, type Touchpoint } from '@touchline/touchpoints';
import { canonicalJson, canonicalKeys, memberStart } from './canonical-json.ts';

/** A touchpoint as canonical JSON: as a whole, and taken apart into what stays clear and what is to be sealed. */
export interface SplitTouchpoint {
  readonly whole: string;
  /** Members of the envelope and of the body, without braces. */
  readonly clearEnvelope: string;
  readonly clearBody: string;
  readonly personalEnvelope: string;
  readonly personalBody: string;
}

/**
 * Every member is written once and the texts are put together from these pieces. The whole does not depend on what
 * counts as personal, so that repeats are recognised also after the catalogue has learnt better.
 */
export function split(touchpoint: Touchpoint, catalogue: Catalogue): SplitTouchpoint {
  const { type } = touchpoint;
  const body = divide(touchpoint.data, (key) => catalogue.isPersonal(type, key));
  let whole = '';
  let clearEnvelope = '';
  let personalEnvelope = '';
  for (const key of canonicalKeys(touchpoint)) {
    const value = key === 'data' ? body : touchpoint[key];
    if (value === undefined) continue;
    const member = `${memberStart(key)}${key === 'data' ? `{${body.whole}}` : canonicalJson(value)}`;
    whole = joined(whole, member);
    if (KEPT_ELSEWHERE.has(key)) continue;
    if (isPersonalAttribute(key)) personalEnvelope = joined(personalEnvelope, member);
    else clearEnvelope = joined(clearEnvelope, member);
  }
  return {
    whole: `{${whole}}`,
    clearEnvelope,
    clearBody: body.clear,
    personalEnvelope,
    personalBody: body.personal,
  };
}

/** Whether anything of it is to be sealed. */
export function hasPersonalPart(touchpoint: Touchpoint, catalogue: Catalogue): boolean {
  const { type, subject, data } = touchpoint;
  if (subject !== undefined) return true;
  for (const key in data) if (data[key] !== undefined && catalogue.isPersonal(type, key)) return true;
  for (const key in touchpoint) {
    if (key !== 'data' && touchpoint[key] !== undefined && isPersonalAttribute(key)) return true;
  }
  return false;
}

/** The body has its own place, the log knows the type, and there is one version of CloudEvents. */
const KEPT_ELSEWHERE: ReadonlySet<string> = new Set(['data', 'type', 'specversion']);

function divide(members: Readonly<Record<string, unknown>>, isPersonal: (key: string) => boolean) {
  let whole = '';
  let clear = '';
  let personal = '';
  for (const key of canonicalKeys(members)) {
    const value = members[key];
    if (value === undefined) continue;
    const member = `${memberStart(key)}${canonicalJson(value)}`;
    whole = joined(whole, member);
    if (isPersonal(key)) personal = joined(personal, member);
    else clear = joined(clear, member);
  }
  return { whole, clear, personal };
}

function joined(members: string, member: string): string {
  return members === '' ? member : `${members},${member}`;
}
