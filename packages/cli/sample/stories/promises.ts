import type { Diary } from '../diary.ts';

/** What a promise carries along: what it is about, and whose it is. */
export interface Promised {
  readonly promise: string;
  readonly kind: string;
  readonly dueAt: string;
  readonly by: string;
  readonly about?: readonly string[];
  readonly case?: string;
  readonly order?: string;
}

/** Promises something for tomorrow or the day after. */
export function promise(
  diary: Diary,
  details: Pick<Promised, 'kind' | 'about' | 'case' | 'order'>,
): Promised {
  diary.minutes(2, 40);
  const made: Promised = {
    ...details,
    promise: diary.number('PR'),
    by: diary.agent().name,
    dueAt: diary.inDays(diary.random.whole(1, 2)),
  };
  diary.note('promise.made', 'desk', {
    ...made,
    direction: 'outbound',
    what: diary.says('promise'),
    to: diary.customer.name,
  });
  return made;
}

/** Keeps it, in time or late, or breaks it and then does what `afterBreaking` says. */
export function keepOrBreak(diary: Diary, made: Promised, afterBreaking: () => void): void {
  const isBroken = diary.often(0.3);
  if (!isBroken) {
    diary.hours(4, 30);
    diary.note('promise.kept', 'desk', { ...made });
    return;
  }
  diary.days(2, 3);
  diary.note('promise.broken', 'desk', { ...made, reason: 'promise.forgotten' });
  diary.hours(1, 20);
  diary.note('call.missed', 'pbx', {
    direction: 'inbound',
    call: diary.number('K'),
    waitSeconds: diary.random.whole(30, 400),
    callbackRequested: true,
  });
  afterBreaking();
}

/** The other ways a promise can go: agreed anew and then kept late, or no longer needed. */
export function renegotiate(diary: Diary): void {
  const made = promise(diary, { kind: 'visit' });
  diary.hours(3, 20);
  const again = { ...made, dueAt: diary.inDays(5) };
  diary.note('promise.renegotiated', 'desk', { ...again, previousDueAt: made.dueAt, direction: 'outbound' });
  diary.days(5, 6);
  diary.note('promise.kept', 'desk', { ...again, lateSeconds: diary.random.whole(0, 40_000) });
  if (!diary.often(0.4)) return;
  diary.days(3, 20);
  const dropped = promise(diary, { kind: 'callback' });
  diary.hours(1, 10);
  diary.note('promise.cancelled', 'desk', { ...dropped, reason: 'promise.obsolete', direction: 'inbound' });
}
