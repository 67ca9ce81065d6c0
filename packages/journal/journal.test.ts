import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, examples, type ParsedTouchpoint, type Touchpoint } from '@touchline/touchpoints';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from './journal.ts';
import { type OpenedJournal, openJournal } from './testing/compose.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');

describe('the journal on SQLite', { timeout: 30_000 }, () => {
  let folder: string;
  let opened: OpenedJournal[];
  let journal: OpenedJournal['journal'];
  let keyRing: OpenedJournal['keyRing'];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-journal-'));
    opened = [];
    ({ journal, keyRing } = await open());
  });

  afterEach(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await rm(folder, { recursive: true, force: true });
  });

  async function open(): Promise<OpenedJournal> {
    const one = await openJournal(folder);
    opened.push(one);
    return one;
  }

  describe('recording', () => {
    it('answers outcomes in the order given, each with its event id and data subject', async () => {
      const outcomes = await journal.record([note('1', 'li'), note('2', 'han'), note('3', 'li')]);
      const subjects = outcomes.map((outcome) => accepted(outcome).subject);
      expect(subjects[0]).toBe(journal.identify('account:shop:li').subject);
      expect(subjects).toEqual([subjects[0], journal.identify('account:shop:han').subject, subjects[0]]);
      expect(await journal.mark()).toBe(`${outcomes[0]?.eventid} at 1`);
      expect((await journal.read()).map(({ eventid }) => eventid)).toEqual(
        outcomes.map(({ eventid }) => eventid),
      );
    });

    it('takes drafts and touchpoints together, and a draft for what it was made of', async () => {
      const [first, second, third] = [note('1', 'li'), note('2', 'han'), note('3', 'li')];
      const outcomes = await journal.record([
        journal.draft(parsed(first)),
        second,
        journal.draft(parsed(third)),
      ]);
      const repeats = await journal.record([first, journal.draft(parsed(second)), third]);
      expect(outcomes.map((outcome) => accepted(outcome).duplicate)).toEqual([false, false, false]);
      expect(repeats).toEqual(outcomes.map((outcome) => ({ ...outcome, duplicate: true })));
      expect((await journal.read()).map(({ touchpoint }) => touchpoint)).toEqual([first, second, third]);
    });

    it('drafts nothing that concerns nobody', () => {
      const nobody = { ...parsed(note('1', 'li')), identifiers: [] };
      expect(() => journal.draft(nobody)).toThrow(TypeError);
    });

    it('records nothing for nothing', async () => {
      expect(await journal.record([])).toEqual([]);
      expect(await journal.head()).toBe(0n);
      expect(await journal.mark()).toBeUndefined();
    });

    it('answers a repeat with the first receipt, whatever the order of its keys', async () => {
      const first = note('1', 'li', { description: 'called', agent: { id: 'a1', name: 'Han' } });
      const again = parse({
        ...reversedKeys(first),
        data: { agent: { name: 'Han', id: 'a1' }, description: 'called' },
      });
      const [recorded] = await journal.record([first]);
      const repeats = await journal.record([again, first]);
      const { position } = accepted(recorded);
      for (const repeat of repeats) expect(repeat).toMatchObject({ ok: true, position, duplicate: true });
      expect(await journal.read()).toHaveLength(1);
    });

    it.each([
      ['another description', note('1', 'li', { description: 'other' })],
      ['one more field', note('1', 'li', { description: 'called', more: null })],
      ['another customer', note('1', 'han', { description: 'called' })],
    ])('refuses an id that comes again with %s, and records its neighbours', async (_, changed) => {
      const outcomes = await journal.record([
        note('1', 'li', { description: 'called' }),
        changed,
        note('2', 'li'),
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
      expect(outcomes[1]).toEqual({ ok: false, code: 'event-id-reused', eventid: outcomes[0]?.eventid });
      expect(await journal.read()).toHaveLength(2);
    });

    it('takes the same id of another source for another touchpoint', async () => {
      const outcomes = await journal.record([
        note('1', 'li'),
        parse({ ...note('1', 'li'), source: '/other' }),
      ]);
      expect(outcomes.map((outcome) => accepted(outcome).duplicate)).toEqual([false, false]);
    });

    it('keeps no key for a touchpoint without anything personal', async () => {
      const [outcome] = await journal.record([
        parse({ ...note('1', 'li'), subject: undefined, data: { about: ['order:shop:1'] } }),
      ]);
      expect(await keyRing.shred(accepted(outcome).subject)).toBe(0);
      expect((await journal.read())[0]).toMatchObject({
        erased: false,
        identifiers: [{ kind: 'reference' }],
      });
    });

    it('refuses a touchpoint that concerns nobody, and records nothing of its batch', async () => {
      const nobody = { ...note('2', 'li'), subject: undefined, data: {} } as unknown as Touchpoint;
      await expect(journal.record([note('1', 'li'), nobody])).rejects.toThrow(TypeError);
      expect(await journal.head()).toBe(0n);
    });

    it('fails as a whole when log or vault are closed', async () => {
      const other = await open();
      await other.eventStore.close();
      await expect(other.journal.record([note('1', 'li')])).rejects.toMatchObject({
        code: 'event-store-closed',
      });
      await other.keyRing.close();
      await expect(other.journal.record([note('1', 'li')])).rejects.toMatchObject({ code: 'vault-closed' });
    });
  });

  describe('reading', () => {
    it('gives back an example of every type as it was recorded', async () => {
      const touchpoints = [...examples.values()].map(parse);
      expect(new Set(touchpoints.map(({ type }) => type))).toEqual(new Set(catalogue.types.keys()));
      const outcomes = await journal.record(touchpoints);
      const read = await journal.read();
      expect(read.map(({ touchpoint }) => touchpoint)).toStrictEqual(touchpoints);
      expect(read.map(({ eventid, position, subject }) => ({ eventid, position, subject }))).toEqual(
        outcomes.map(accepted).map(({ eventid, position, subject }) => ({ eventid, position, subject })),
      );
      expect(read.map(({ happenedAt }) => happenedAt)).toEqual(
        touchpoints.map(({ time }) => Date.parse(time)),
      );
      expect(read.filter(({ erased, damage }) => erased || damage !== undefined)).toEqual([]);
    });

    it('names every identifier, strongest first, as identify does', async () => {
      const about = { customer: { identifiers: ['tel:+8613800138000', 'account:shop:77', 'account:crm:5'] } };
      await journal.record([parse({ ...note('1', 'li', about), subject: 'mailto:li@example.com' })]);
      const [read] = await journal.read();
      const uris = ['account:shop:77', 'account:crm:5', 'mailto:li@example.com', 'tel:+8613800138000'];
      expect(read?.identifiers).toEqual(uris.map((uri) => journal.identify(uri)));
      expect(read?.identifiers.map(({ kind, owner }) => [kind, owner])).toEqual([
        ['account', 'shop'],
        ['account', 'crm'],
        ['mailto', undefined],
        ['tel', undefined],
      ]);
      expect(read?.subject).toBe(read?.identifiers[0]?.subject);
    });

    it('knows the parties of a decision, also by customer id', async () => {
      const customer = journal.identify('account:shop:77').subject;
      const merged = { ...note('1', 'li'), type: 'touchline.party.merged.v1', subject: undefined };
      await journal.record([
        parse({ ...merged, data: { parties: [customer, 'tel:+8613800138000'], reason: 'same' } }),
      ]);
      const [read] = await journal.read();
      expect(read?.identifiers).toEqual([
        journal.identify('tel:+8613800138000'),
        { subject: customer, kind: 'customer' },
      ]);
      expect(journal.identify(customer)).toEqual({ subject: customer, kind: 'customer' });
    });

    it('identifies references and identifiers by the same keyed hash in every process', async () => {
      const other = (await open()).journal;
      for (const uri of ['order:shop:1', 'mailto:li@example.com', 'account:shop:1']) {
        expect(other.identify(uri)).toEqual(journal.identify(uri));
      }
      expect(journal.identify('order:shop:1').kind).toBe('reference');
    });

    it('goes through the log in pages', async () => {
      await journal.record(['1', '2', '3', '4', '5'].map((id) => note(id, `c${id}`)));
      const first = await journal.read({ limit: 3 });
      const rest = await journal.read({ after: first[2]?.position ?? 0n, limit: 3 });
      expect([...first, ...rest].map(({ touchpoint }) => touchpoint.id)).toEqual(['1', '2', '3', '4', '5']);
      expect(await journal.read({ after: await journal.head() })).toEqual([]);
    });

    it('reads one data subject by itself, from any version', async () => {
      await journal.record([note('1', 'li'), note('2', 'han'), note('3', 'li'), note('4', 'li')]);
      const { subject } = journal.identify('account:shop:li');
      const read = await journal.readSubject(subject, { from: 1 });
      expect(read.map(({ touchpoint, version }) => [touchpoint.id, version])).toEqual([
        ['3', 1],
        ['4', 2],
      ]);
      expect(await journal.readSubject('0'.repeat(24))).toEqual([]);
    });

    it('subscribes from the past into what other processes record, until told to stop', async () => {
      const other = (await open()).journal;
      await journal.record([note('1', 'li'), note('2', 'han')]);
      const stop = new AbortController();
      const seen: string[] = [];
      for await (const batch of journal.subscribe({ signal: stop.signal, maxBatchEvents: 1 })) {
        for (const { touchpoint } of batch) seen.push(touchpoint.id);
        if (seen.length === 2) await other.record([note('3', 'li', { description: 'live' })]);
        if (seen.length === 3) stop.abort();
      }
      expect(seen).toEqual(['1', '2', '3']);
    });
  });
});

function accepted(outcome: Outcome | undefined): Extract<Outcome, { ok: true }> {
  if (!outcome?.ok) throw new Error('the touchpoint was not recorded');
  return outcome;
}

function note(
  id: string,
  customer: string,
  data: Record<string, unknown> = { description: 'called' },
): Touchpoint {
  return parse({
    specversion: '1.0',
    id,
    source: '/desk',
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: `account:shop:${customer}`,
    department: 'service',
    data,
  });
}

function parse(event: object): Touchpoint {
  return parsed(event).touchpoint;
}

function parsed(event: object): ParsedTouchpoint {
  const result = catalogue.parse(event, { now: NOW });
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result;
}

function reversedKeys(value: object): object {
  return Object.fromEntries(Object.entries(value).reverse());
}
