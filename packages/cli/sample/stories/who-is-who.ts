import type { Diary } from '../diary.ts';
import { register, writeOnWechat } from './acquaintance.ts';

const DECIDES = 'user:shen.jia';

/**
 * Two people of one household on one telephone: calls from it belong to nobody in particular. A person says so,
 * and that the two are not one customer.
 */
export function shareTelephone(diary: Diary): void {
  const { customer, random } = diary;
  register(diary);
  diary.days(1, 20);
  diary.note('call.completed', 'pbx', {
    direction: 'inbound',
    call: diary.number('K'),
    agent: diary.agent(),
    durationSeconds: random.whole(40, 500),
    description: diary.says('question'),
  });
  diary.hours(1, 30);
  diary.note(
    'identifier.marked-shared',
    'touchline',
    { identifier: customer.phone ?? customer.mail, reason: 'household telephone' },
    { instead: [], authid: DECIDES },
  );
  const neighbour = `account:shop:${100_000 + (customer.index ^ 1)}`;
  diary.note(
    'party.nomerge-declared',
    'touchline',
    { parties: [customer.account, neighbour], reason: 'mother and son' },
    { instead: [], authid: DECIDES },
  );
}

/** Writes on WeChat as somebody unknown; a person recognises them, errs, and puts it right. */
export function mergeByHand(diary: Diary): void {
  const { customer } = diary;
  register(diary);
  diary.days(1, 9);
  writeOnWechat(diary);
  diary.hours(1, 60);
  const stranger = customer.wechat ?? customer.device;
  const decision = { parties: [customer.account, stranger], reason: 'same delivery address' };
  const decided = diary.note('party.merged', 'touchline', decision, { instead: [], authid: DECIDES });
  if (!diary.often(0.4)) return;
  diary.days(1, 5);
  diary.note(
    'party.unmerged',
    'touchline',
    { decision: decided, parties: decision.parties, reason: 'they are two people' },
    { instead: [], authid: DECIDES, causationid: decided },
  );
  diary.days(1, 5);
  diary.note(
    'party.merged',
    'touchline',
    { ...decision, reason: 'they are one after all: asked on the telephone' },
    { instead: [], authid: DECIDES },
  );
}

/** Takes a consent back. Somebody else, of whom nothing is left here, was erased at their wish. */
export function revokeConsent(diary: Diary): void {
  register(diary);
  diary.days(10, 200);
  diary.note('consent.revoked', 'signIn', { purpose: 'marketing', channels: ['email'] });
  if (!diary.often(0.02)) return;
  diary.days(3, 20);
  const erased = diary.random.text(24, '0123456789abcdef');
  diary.note(
    'customer.erased',
    'touchline',
    { parties: [erased], subjects: [erased], keys: 1, reason: 'asked for by letter' },
    { instead: [], authid: DECIDES },
  );
}
