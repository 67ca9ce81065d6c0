import type { Diary } from '../diary.ts';

/** Something was recorded wrongly: once it is corrected, once taken back. */
export function putRight(diary: Diary): void {
  const { random } = diary;
  const call = {
    direction: 'inbound',
    call: diary.number('K'),
    agent: diary.agent(),
    reason: 'question',
    durationSeconds: 7_200,
  };
  const target = diary.note('call.completed', 'pbx', call);
  diary.hours(1, 30);
  const replacement = { ...diary.last?.data, durationSeconds: random.whole(60, 600), reason: 'order.status' };
  diary.note(
    'record.corrected',
    'pbx',
    { target, replacement, reason: 'the call was not hung up' },
    { causationid: target },
  );
  if (!diary.often(0.5)) return;
  diary.hours(1, 30);
  const wrong = diary.note('note.added', 'desk', {
    note: diary.number('N'),
    agent: diary.agent(),
    text: diary.says('note'),
  });
  diary.hours(1, 5);
  diary.note(
    'record.retracted',
    'desk',
    { target: wrong, reason: 'written to the wrong customer' },
    { causationid: wrong },
  );
}
