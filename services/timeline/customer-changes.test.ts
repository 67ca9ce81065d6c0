import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChangedCustomer } from './queries/customer-changes.ts';
import { TimelineApp } from './testing/timeline-app.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

interface Page {
  readonly items: readonly ChangedCustomer[];
  readonly next: string | null;
  readonly through: string;
  readonly settled: string;
  readonly parked: number;
}

let timeline: TimelineFixture;
let app: TimelineApp;
const open = async () => {
  timeline = await TimelineFixture.open();
  app = await TimelineApp.open(timeline);
};
const close = async () => {
  await app.close();
  await timeline.close();
};
beforeEach(open);
afterEach(close);

const changes = async (after = '0', limit = 200): Promise<Page> => {
  const { status, body } = await app.ask(`/v1/customers/changes?after=${after}&limit=${limit}`);
  expect(status).toBe(200);
  return body as unknown as Page;
};
const idOf = (identifier: string) => timeline.backing.journal.identify(identifier).subject;
const seen = (id: string, subject: string, ...identifiers: string[]) => ({
  id,
  subject,
  data: { customer: { identifiers } },
});
const merged = (id: string, ...parties: string[]) => ({
  id,
  type: 'touchline.party.merged.v1',
  data: { parties, reason: 'x' },
});

const LATER = '2026-03-02T10:00:00+08:00';
const MINUTES = { timeout: 120_000 };
const LI = 'account:shop:1';
const PHONE = 'tel:+8613800138000';

describe('customers that changed', () => {
  test('are told with their data subjects, in the order of their last changes', async () => {
    await timeline.record(seen('e1', LI, PHONE), seen('e2', 'account:shop:2'));
    expect(await changes()).toEqual({
      items: [
        { customerid: idOf(LI), subjects: [idOf(LI), idOf(PHONE)].sort(), position: '1' },
        { customerid: idOf('account:shop:2'), subjects: [idOf('account:shop:2')], position: '2' },
      ],
      next: null,
      through: '2',
      settled: '2',
      parked: 0,
    });
  });

  test('are not those that were only touched again', async () => {
    await timeline.record(seen('e1', LI, PHONE));
    // Later: of data subjects of one age, either may give the customer its name.
    await timeline.record(seen('e2', LI, PHONE), { ...seen('e3', PHONE), time: LATER });
    expect(await changes('1')).toMatchObject({ items: [], next: null, through: '3' });
  });

  test('of a merge are both: one names who stands for it now', async () => {
    await timeline.record(seen('e1', LI), seen('e2', PHONE));
    await timeline.record(merged('m', LI, PHONE));
    const { items } = await changes('2');
    const winner = await timeline.customerOf(LI);
    const loser = [idOf(LI), idOf(PHONE)].find((id) => id !== winner);
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
      customerid: winner,
      subjects: [idOf(LI), idOf(PHONE)].sort(),
      position: '3',
    });
    expect(items).toContainEqual({ customerid: loser, subjects: [], supersededby: winner, position: '3' });
  });

  test('of an undone merge are both again, as before it', async () => {
    await timeline.record(seen('e1', LI), seen('e2', PHONE));
    const before = await changes();
    const [decision] = await timeline.record(merged('m', LI, PHONE));
    await timeline.record({
      id: 'u',
      type: 'touchline.party.unmerged.v1',
      data: { decision: decision?.eventid, parties: [LI, PHONE], reason: 'x' },
    });
    const composition = ({ items }: Page) =>
      items.map(({ position: _, ...item }) => item).sort((a, b) => (a.customerid < b.customerid ? -1 : 1));
    expect(composition(await changes('3'))).toEqual(composition(before));
  });

  test('include an id superseded long ago, when it stands for yet another customer', async () => {
    const [a, b, c] = ['account:shop:a', 'tel:+8613800138001', 'tel:+8613800138002'] as const;
    const at = (second: number) => `2026-03-01T10:00:0${second}+08:00`;
    await timeline.record({ ...seen('a', a), time: at(1) }, { ...seen('b', b), time: at(2) });
    await timeline.record({ ...seen('c', c), time: at(3) }, merged('bc', b, c));
    await timeline.record(merged('ab', a, b));
    const { items } = await changes('4');
    expect(items).toContainEqual(
      expect.objectContaining({ customerid: idOf(c), supersededby: idOf(a), position: '5' }),
    );
  });

  test('come page by page, a position never divided', async () => {
    await timeline.record(...Array.from({ length: 30 }, (_, n) => seen(`e${n}`, `account:shop:${n}`)));
    await timeline.record(merged('m', 'account:shop:0', 'account:shop:1'));
    const found: ChangedCustomer[] = [];
    let pages = 0;
    for (let next: string | null = '0'; next !== null; pages++) {
      const page = await changes(next, 4);
      expect(page.items.length).toBeLessThanOrEqual(8);
      found.push(...page.items);
      next = page.next;
    }
    expect(pages).toBeGreaterThan(5);
    expect(new Set(found.map(({ customerid }) => customerid)).size).toBe(30);
  });

  test.each(['after=-1', 'after=x', 'limit=0', 'limit=1001', 'since=3'])(
    'are not told for %s',
    async (query) => {
      expect(await app.ask(`/v1/customers/changes?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid-request' },
      });
    },
  );

  test('are told as of the position a question demands', async () => {
    await timeline.record(seen('e1', LI));
    const { headers } = await app.ask('/v1/customers/changes', { 'touchline-min-position': '1' });
    expect(headers['touchline-position']).toBe('1');
  });
});

test('whoever keeps the last thing told of each customer knows what the service says', MINUTES, async () => {
  const identifiers = ['account:a:1', 'account:b:1', PHONE, 'tel:+8613800138001', 'mailto:a@example.com'];
  const someone = fc.constantFrom(...identifiers);
  const step = fc.oneof(
    fc.record({ kind: fc.constant('seen' as const), a: someone, b: someone, second: fc.nat(50) }),
    fc.record({
      kind: fc.constantFrom('merged' as const, 'nomerge-declared' as const),
      a: someone,
      b: someone,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 5 }), keeps),
    { numRuns: 12 },
  );

  async function keeps(
    steps: readonly { kind: string; a: string; b: string; second?: number }[],
    limit: number,
  ) {
    await close();
    await open();
    const known = new Map<string, ChangedCustomer>();
    let after = '0';
    for (const [index, { kind, a, b, second = 0 }] of steps.entries()) {
      if (kind !== 'seen' && a === b) continue;
      const time = `2026-03-01T10:00:${String(second).padStart(2, '0')}+08:00`;
      const event = kind === 'seen' ? seen(`e${index}`, a, b) : merged(`e${index}`, a, b);
      await timeline.record({
        ...event,
        time,
        ...(kind === 'seen' ? {} : { type: `touchline.party.${kind}.v1` }),
      });
      for (let next: string | null = after; next !== null; ) {
        const page: Page = await changes(next, limit);
        for (const item of page.items) known.set(item.customerid, item);
        after = page.through;
        next = page.next;
      }
    }
    for (const { customerid, subjects, supersededby } of known.values()) {
      const current = await timeline.read((snapshot) =>
        snapshot.all<{ subject: string }>(
          'SELECT subject FROM identity_identifiers WHERE customer = ? ORDER BY subject',
          [customerid],
        ),
      );
      expect(subjects).toEqual(current.map(({ subject }) => subject));
      const [own] = await timeline.read((snapshot) =>
        snapshot.all<{ customer: string }>('SELECT customer FROM identity_identifiers WHERE subject = ?', [
          customerid,
        ]),
      );
      expect(supersededby ?? customerid).toBe(own?.customer);
    }
    for (const identifier of identifiers) {
      const customer = await timeline.customerOf(identifier);
      if (customer !== undefined) expect(known.get(customer)?.subjects).toContain(idOf(identifier));
    }
  }
});
