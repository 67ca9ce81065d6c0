import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import type { KeyRing } from '@touchline/vault';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJournal } from './create-journal.ts';
import type { RecordedTouchpoint } from './journal.ts';
import { type OpenedJournal, openJournal } from './testing/compose.ts';

const SCRIPT = fileURLToPath(new URL('./testing/main.ts', import.meta.url));
const NOW = Date.parse('2027-01-01T00:00:00Z');

describe('the journal and the keys of data subjects', { timeout: 30_000 }, () => {
  let folder: string;
  let here: OpenedJournal;
  let there: OpenedJournal;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-erasing-'));
    here = await openJournal(folder);
    there = await openJournal(folder);
  });

  afterEach(async () => {
    await Promise.all([here.close(), there.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('reads a shredded data subject without its personal fields, here and in other processes', async () => {
    await here.journal.record([order('1', 'li'), order('2', 'han')]);
    await there.journal.read();
    await here.keyRing.shred(subjectOf('li'));
    for (const { journal } of [here, there]) {
      const [li, han] = await journal.read();
      expect(li?.erased).toBe(true);
      expect(li?.touchpoint).toStrictEqual(withoutPersonal(order('1', 'li')));
      expect(li?.identifiers).toEqual([journal.identify('account:shop:li')]);
      expect(li).not.toHaveProperty('damage');
      expect(han).toMatchObject({ erased: false, touchpoint: order('2', 'han') });
    }
  });

  it('reads pages of nothing but shredded data subjects', async () => {
    await here.journal.record(['1', '2', '3'].map((id) => order(id, id)));
    for (const id of ['1', '2', '3']) await here.keyRing.shred(subjectOf(id));
    expect(summary(await here.journal.read())).toEqual(['1 erased', '2 erased', '3 erased']);
  });

  it('seals what comes after a shredding with a new key, and leaves the old unreadable', async () => {
    await there.journal.record([order('1', 'li')]);
    await here.keyRing.shred(subjectOf('li'));
    await there.journal.record([order('2', 'li')]);
    for (const { journal } of [here, there]) {
      expect(summary(await journal.read())).toEqual(['1 erased', '2 open']);
      expect(summary(await journal.readSubject(subjectOf('li')))).toEqual(['1 erased', '2 open']);
    }
  });

  it('answers a repeat after a shredding with the first receipt, and does not bring the fields back', async () => {
    const [first] = await here.journal.record([order('1', 'li')]);
    await here.keyRing.shred(subjectOf('li'));
    const [repeat] = await here.journal.record([order('1', 'li')]);
    expect(repeat).toEqual({ ...first, duplicate: true });
    expect(summary(await here.journal.read())).toEqual(['1 erased']);
  });

  it('erases a touchpoint whose data subject is shredded while it is on the way', async () => {
    const { keyRing, eventStore } = here;
    const shreddingRing: KeyRing = {
      pepper: keyRing.pepper,
      ensure: async (subjects) => {
        const keys = await keyRing.ensure(subjects);
        await there.keyRing.shred(subjectOf('li'));
        return keys;
      },
      find: (keyids) => keyRing.find(keyids),
      shred: (subject) => keyRing.shred(subject),
      close: () => keyRing.close(),
    };
    const journal = createJournal({ eventStore, keyRing: shreddingRing, catalogue });
    const outcomes = await journal.record([order('1', 'li'), order('2', 'han')]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
    expect(summary(await here.journal.read())).toEqual(['1 erased', '2 open']);
  });

  it('agrees with other processes on the keys of customers all of them meet for the first time', async () => {
    const sources = ['/desk/a', '/desk/b', '/desk/c'];
    const children = sources.map((source) => spawn(process.execPath, [SCRIPT, folder, source, '25']));
    expect(await Promise.all(children.map(exitCode))).toEqual([0, 0, 0]);
    const read = await here.journal.read();
    expect(read).toHaveLength(75);
    for (const { touchpoint } of read)
      expect(touchpoint.data.description).toBe(`noted by ${touchpoint.source}`);
    const subjects = new Set(read.map(({ subject }) => subject));
    expect(subjects.size).toBe(25);
    for (const subject of subjects) expect(await here.keyRing.shred(subject)).toBe(1);
    expect((await there.journal.read()).every(({ erased }) => erased)).toBe(true);
  });

  function subjectOf(customer: string): string {
    return here.journal.identify(`account:shop:${customer}`).subject;
  }
});

function order(id: string, customer: string): Touchpoint {
  const event = {
    specversion: '1.0',
    id,
    source: '/shop',
    type: 'touchline.order.placed.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: `account:shop:${customer}`,
    department: 'sales',
    shopcampaign: 'spring',
    data: {
      customer: { name: '李蕾' },
      description: 'please ring twice',
      about: ['order:shop:8891'],
      total: { amount: '420.00', currency: 'CNY' },
      giftwrap: { colour: 'red' },
    },
  };
  const parsed = catalogue.parse(event, { now: NOW });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.touchpoint;
}

function withoutPersonal({ subject, shopcampaign, data, ...clear }: Touchpoint): object {
  const { customer, description, giftwrap, total, ...rest } = data;
  const isTotalClear = !catalogue.isPersonal(clear.type, 'total');
  return { ...clear, data: isTotalClear ? { ...rest, total } : rest };
}

function summary(read: readonly RecordedTouchpoint[]): string[] {
  return read.map(({ touchpoint, erased, damage }) => {
    const isOpen = touchpoint.data.description === 'please ring twice';
    return `${touchpoint.id} ${damage ?? (erased ? 'erased' : isOpen ? 'open' : 'wrong')}`;
  });
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  child.stderr?.pipe(process.stderr);
  await once(child, 'exit');
  return child.exitCode;
}
