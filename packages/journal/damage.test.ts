import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, RecordedEvent } from '@touchline/event-store';
import { type Catalogue, catalogue, type Touchpoint } from '@touchline/touchpoints';
import { type KeyRing, type SubjectKey, seal, VaultError } from '@touchline/vault';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from './create-journal.ts';
import { type OpenedJournal, openJournal } from './testing/compose.ts';

type Change = (event: RecordedEvent) => RecordedEvent;

describe('one damaged event among others', { timeout: 30_000 }, () => {
  let folder: string;
  let opened: OpenedJournal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-damage-'));
    opened = await openJournal(folder);
    await opened.journal.record([note('1'), note('2'), note('3')]);
  });

  afterAll(async () => {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a journal reads from a log in which the second event was changed. */
  async function readChanged(change: Change, parts: { keyRing?: KeyRing; catalogue?: Catalogue } = {}) {
    const { eventStore, keyRing } = opened;
    const changed = (events: readonly RecordedEvent[]) =>
      events.map((event) => (event.version === 0 && isSecond(event) ? change(event) : event));
    const damaged = Object.create(eventStore, {
      readAll: { value: async () => changed(await eventStore.readAll()) },
    }) as EventStore;
    const read = await createJournal({ eventStore: damaged, keyRing, catalogue, ...parts }).read();
    const [first, second, third] = read;
    expect([first, third]).toMatchObject([{ touchpoint: note('1') }, { touchpoint: note('3') }]);
    expect([first?.damage, third?.damage]).toEqual([undefined, undefined]);
    expect(['about 2', undefined]).toContain(second?.touchpoint.data.description);
    return second;
  }

  const changedDocument =
    (change: (document: Record<string, unknown>) => unknown): Change =>
    (event) => ({ ...event, data: JSON.stringify(change(JSON.parse(event.data))) });

  it.each([
    ['is not JSON', '{"v":1,'],
    ['is not an object', '[1]'],
    ['has no version', '{}'],
    ['has no members', '{"v":1}'],
    ['names no known kind of identifier', '{"v":1,"ms":1,"who":["fax:1"],"e":{},"d":{}}'],
  ])('says document-corrupt when its document %s', async (_, data) => {
    const read = await readChanged((event) => ({ ...event, data }));
    expect(read).toMatchObject({
      damage: 'document-corrupt',
      erased: false,
      identifiers: [],
      subject: opened.journal.identify('account:shop:2').subject,
      touchpoint: { type: 'touchline.note.added.v1', data: {} },
    });
  });

  it('says document-newer when a later version of the journal wrote it', async () => {
    expect(await readChanged(changedDocument((document) => ({ ...document, v: 2 })))).toMatchObject({
      damage: 'document-newer',
    });
  });

  it('says sealed-text-corrupt, and still gives the clear fields, when the sealed text was changed', async () => {
    const changes = [() => '', () => 'no', () => '.AAAA', (text: string) => text.slice(0, 9), turned];
    for (const change of changes) {
      const read = await readChanged(
        changedDocument((document) => ({ ...document, s: change(String(document.s)) })),
      );
      expect(read).toMatchObject({ damage: 'sealed-text-corrupt', erased: false, touchpoint: { id: '2' } });
    }
  });

  it('says sealed-text-corrupt when the sealed text belongs to another event', async () => {
    const [key] = (await opened.keyRing.ensure([subjectOf('2')])).values();
    const s = seal(key as SubjectKey, '{"d":{"description":"moved"}}', 'another event');
    const read = await readChanged(changedDocument((document) => ({ ...document, s })));
    expect(read).toMatchObject({ damage: 'sealed-text-corrupt' });
  });

  it('says key-unknown when the vault never had its key', async () => {
    const read = await readChanged(changedDocument((document) => ({ ...document, s: 'zzzz.AAAA' })));
    expect(read).toMatchObject({ damage: 'key-unknown', erased: false });
  });

  it('says key-unknown when the vault has given its key id to somebody else', async () => {
    const [key] = (await opened.keyRing.ensure([subjectOf('3')])).values();
    const read = await readChanged((event) => {
      const s = seal(key as SubjectKey, '{"d":{"description":"moved"}}', event.id);
      return changedDocument((document) => ({ ...document, s }))(event);
    });
    expect(read).toMatchObject({ damage: 'key-unknown', erased: false });
  });

  it('says upcast-failed when its body cannot be brought to the newest version', async () => {
    const failing: Catalogue = {
      ...catalogue,
      upcast: (type, body) => {
        if (body.description === 'about 2') throw new Error('an upcaster that forgot a case');
        return { type, body };
      },
    };
    const read = await readChanged((event) => event, { catalogue: failing });
    expect(read).toMatchObject({ damage: 'upcast-failed', touchpoint: note('2') });
  });

  it('stops reading when the vault itself fails', async () => {
    const find = () => Promise.reject(new VaultError('vault-unavailable', 'The disk is gone.'));
    const keyRing = Object.create(opened.keyRing, { find: { value: find } }) as KeyRing;
    await expect(readChanged((event) => event, { keyRing })).rejects.toMatchObject({
      code: 'vault-unavailable',
    });
  });

  function isSecond({ stream }: RecordedEvent): boolean {
    return stream === `subject-${subjectOf('2')}`;
  }

  function subjectOf(customer: string): string {
    return opened.journal.identify(`account:shop:${customer}`).subject;
  }
});

/** Another character in the middle. */
function turned(text: string): string {
  const middle = Math.floor(text.length / 2);
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1);
}

function note(id: string): Touchpoint {
  return {
    specversion: '1.0',
    id,
    source: '/desk',
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: `account:shop:${id}`,
    department: 'service',
    data: { description: `about ${id}` },
  };
}
