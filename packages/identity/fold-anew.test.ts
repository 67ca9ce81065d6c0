import type { IdentifierKey } from '@touchline/touchpoints';
import { expect, test } from 'vitest';
import { eventOf, type Happening, type TestEvent } from './happening.ts';
import { FORMER_IDENTIFIERS, IDENTIFIERS, UNDOS } from './tables.ts';
import { Told } from './testing/told.ts';

const HOTLINE: IdentifierKey = { subject: 'hotline', kind: 'tel' };
const ORDER = 'order';

function account(number: number): IdentifierKey {
  return { subject: `account-${number}`, kind: 'account', owner: 'crm' };
}

function mail(number: number): IdentifierKey {
  return { subject: `mail-${number}`, kind: 'mailto' };
}

class Log {
  #position = 0;

  sees(bears: readonly IdentifierKey[], about: readonly string[] = []): TestEvent {
    return this.#next({ act: 'sighting', bears, about, at: 0 });
  }

  marksShared(party: IdentifierKey): TestEvent {
    return this.#next({ act: 'shared', parties: [party], at: 0 });
  }

  undoesNext(bearer: IdentifierKey): TestEvent {
    return this.undoes(`e${this.#position + 2}`, bearer);
  }

  /** In the stream of somebody who need not be a party. */
  undoes(decision: string, bearer: IdentifierKey): TestEvent {
    return this.#next({ act: 'undo', place: 0, parties: [bearer], at: 0 }, [decision]);
  }

  #next(happening: Happening, decisions: readonly string[] = []): TestEvent {
    const position = ++this.#position;
    return eventOf(happening, `e${position}`, BigInt(position), decisions);
  }
}

test('a shared telephone leads nobody to all the others who were seen with it later', async () => {
  const [log, told] = [new Log(), new Told()];
  for (let number = 0; number < 50; number++) told.fold(log.sees([account(number), HOTLINE]));
  const damaged = log.sees([account(40), mail(40)]);
  told.foldDamaged(damaged, false);
  told.fold(log.sees([account(40), mail(40)]));
  expect(told.rows.get(IDENTIFIERS, 'mail-40')?.since).toBe(52);
  await told.retry('account-40');
  expect(told.rows.get(IDENTIFIERS, 'mail-40')?.since).toBe(51);
  expect([...told.read].sort()).toEqual(['account-40', 'mail-40']);
});

test('who was seen with it before it was shared had a say, and is read', async () => {
  const [log, told] = [new Log(), new Told()];
  told.fold(log.sees([mail(1), HOTLINE]));
  const damaged = log.sees([mail(2), HOTLINE]);
  told.foldDamaged(damaged, false);
  told.fold(log.sees([account(1), HOTLINE]));
  told.fold(log.sees([account(2), HOTLINE]));
  await told.retry('mail-2');
  expect([...told.read].sort()).toEqual(['account-1', 'account-2', 'hotline', 'mail-1', 'mail-2']);
  expect(told.rows.all(FORMER_IDENTIFIERS)).toContainEqual(
    expect.objectContaining({ subject: 'mail-2', customer: 'mail-1', since: 2 }),
  );
});

test('who owned a reference that many speak of cannot be told anew', async () => {
  const [log, told] = [new Log(), new Told()];
  for (let number = 0; number < 20; number++) told.fold(log.sees([mail(number)], [ORDER]));
  const damaged = log.sees([], [ORDER]);
  told.foldDamaged(damaged, false);
  await expect(told.retry(damaged.subject)).rejects.toMatchObject({ code: 'repair-refused' });
});

test('an undo in the stream of somebody shared undoes, though nobody is told anew there', async () => {
  const [log, told] = [new Log(), new Told()];
  told.fold(log.marksShared(account(1)));
  told.fold(log.sees([account(1), mail(1)]));
  told.fold(log.undoesNext(account(1)));
  told.foldDamaged(log.marksShared(mail(1)), false);
  await told.retry('mail-1');
  expect([...told.read].sort()).toEqual(['account-1', 'mail-1']);
  expect(told.rows.get(IDENTIFIERS, 'mail-1')?.shared).toBeNull();
});

test('the first undo of a decision that nobody knows yet counts, in whichever stream it stands', async () => {
  const [log, told] = [new Log(), new Told()];
  const first = log.undoes('unknown', account(1));
  told.fold(first);
  told.foldDamaged(log.undoes('unknown', mail(1)), false);
  await told.retry('mail-1');
  expect(told.rows.all(UNDOS)).toMatchObject([{ decision: 'unknown', eventid: first.eventid }]);
});
