import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBacking } from '@touchline/backing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPLETE_JOURNEY, FILES, isDataRequired, missingData } from '../complete-journey/data-folder.ts';
import { touchline } from '../support/command-line.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';

const TOUCHPOINTS = 56_735;
const isSkipped = missingData !== undefined && !isDataRequired;
const title = 'a year of real shopping, imported';

describe.skipIf(isSkipped)(isSkipped ? `${title} (skipped: ${missingData})` : title, () => {
  let dataFolder: string;
  let running: TouchlineProcess;

  beforeAll(async () => {
    if (missingData !== undefined) throw new Error(missingData);
    dataFolder = await mkdtemp(join(tmpdir(), 'touchline-journey-'));
    running = await TouchlineProcess.start({ dataFolder });
  });
  afterAll(async () => {
    await running?.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });

  async function importEverything(): Promise<Record<'accepted' | 'duplicates' | 'rejected', number>> {
    const totals = { accepted: 0, duplicates: 0, rejected: 0 };
    for (const { input, mapping } of FILES) {
      const map = join(import.meta.dirname, '..', 'complete-journey', mapping);
      const args = ['import', join(COMPLETE_JOURNEY, input), '--map', map, '--json'];
      const { code, stdout, stderr } = await touchline(args, { url: running.origin, dataFolder });
      expect({ input, code, stderr }).toEqual({ input, code: 0, stderr: '' });
      const result = JSON.parse(stdout) as typeof totals;
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) totals[name] += result[name];
    }
    return totals;
  }

  test('gives one touchpoint for each basket, mailing, coupon and household', async () => {
    expect(await importEverything()).toEqual({ accepted: TOUCHPOINTS, duplicates: 0, rejected: 0 });
  }, 180_000);

  test('gives only duplicates the second time, and the log holds no more', async () => {
    expect(await importEverything()).toEqual({ accepted: 0, duplicates: TOUCHPOINTS, rejected: 0 });
    const { head } = await running.json<{ head: string }>('/v1/status');
    expect(head).toBe(String(TOUCHPOINTS));
  }, 180_000);

  test('shows household 2337 with 144 orders, 7 mailings and 1 registration', async () => {
    const headers = { 'touchline-min-position': String(TOUCHPOINTS) };
    const path = '/v1/customers?identifier=account:complete-journey:2337';
    await until(async () => (await running.fetch(path, { headers })).ok);
    const { items } = await running.json<{ items: { customerid: string; counts: object }[] }>(path);
    expect(items.map((item) => item.counts)).toEqual([
      {
        'touchline.campaign.sent.v1': 7,
        'touchline.customer.registered.v1': 1,
        'touchline.order.placed.v1': 144,
      },
    ]);
    const timeline = await running.json<{ items: object[]; next: string | null }>(
      `/v1/customers/${items[0]?.customerid}/timeline?limit=200`,
    );
    expect([timeline.items.length, timeline.next]).toEqual([152, null]);
  }, 60_000);

  test('leads to 2,379 customers and 233,935.24 USD', async () => {
    await running.stop();
    const backing = await openBacking({ dataFolder });
    const customers = new Set<string>();
    let events = 0;
    let cents = 0n;
    for (let after = 0n; ; ) {
      const page = await backing.journal.read({ after, limit: 2_000 });
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.position;
      for (const { subject, touchpoint } of page) {
        events++;
        customers.add(subject);
        const { amount } = touchpoint.data as { amount?: { amount: string } };
        if (touchpoint.type === 'touchline.order.placed.v1')
          cents += BigInt((amount?.amount ?? '').replace('.', ''));
      }
    }
    await backing.close();
    expect({ events, customers: customers.size, cents }).toEqual({
      events: TOUCHPOINTS,
      customers: 2_379,
      cents: 23_393_524n,
    });
  }, 60_000);
});

/** The test's own time limit is the bound. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}
