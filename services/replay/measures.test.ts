import { EventStoreError } from '@touchline/event-store';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ReplayFixture } from './testing/replay-fixture.ts';

let scene: ReplayFixture;
beforeEach(async () => {
  scene = await ReplayFixture.open();
});
afterEach(() => scene.close());

/** Values by name and labels, as Prometheus reads them. */
async function measures(): Promise<Map<string, number>> {
  const { body } = await scene.app.inject({ url: '/metrics', headers: scene.bearer });
  const lines = body.split('\n').filter((line) => line.startsWith('touchline_'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

test('read models and log stand in the measures as they stand in the API', async () => {
  scene.failing.add('2');
  await scene.startFolding();
  await scene.record({ id: '1' }, { id: '2' }, { id: '3' }, { id: '4', subject: 'account:shop:2' });
  await scene.stopFolding();
  await scene.record({ id: '5' });
  scene.aheadMs = 60_000;
  const found = await measures();
  const of = (name: string) => found.get(`touchline_read_model_${name}{read_model="counts"}`);
  expect(found.get('touchline_log_events_total')).toBe(5);
  expect(found.get('touchline_log_readable')).toBe(1);
  expect(of('folded_events')).toBe(4);
  expect(of('behind_events')).toBe(1);
  expect(of('behind_seconds')).toBeGreaterThan(59);
  expect(of('parked_events')).toBe(2);
  expect(of('parked_subjects')).toBe(1);
  expect(of('lag_events')).toBe(3);
  expect(of('lag_seconds')).toBeGreaterThan(59);
  expect(of('generation')).toBe(1);
  expect(found.get('touchline_read_model_state{read_model="counts",state="catching-up"}')).toBe(1);
  expect(found.get('touchline_read_model_state{read_model="counts",state="live"}')).toBe(0);
  expect(found.get('touchline_storage_bytes{part="log"}')).toBeGreaterThan(4_096);
  expect(found.get('touchline_wal_bytes{part="read-models"}')).toBeGreaterThanOrEqual(0);
});

test('a rebuild shows how far it is, and is gone when it is finished', async () => {
  await scene.startFolding();
  await scene.record({ id: '1' });
  await scene.post('readmodels/counts/rebuilds', { reason: 'why' });
  const job = await scene.claim();
  await scene.report(job, { state: 'running', report: { percent: 42, rate: 900, eta: 7 } });
  const of = async (name: string) =>
    (await measures()).get(`touchline_read_model_${name}{read_model="counts"}`);
  expect(await of('rebuild_running')).toBe(1);
  expect(await of('rebuild_progress_ratio')).toBe(0.42);
  expect(await of('rebuild_events_per_second')).toBe(900);
  expect(await of('rebuild_eta_seconds')).toBe(7);
  await scene.report(job, { state: 'promoted', report: { percent: 100 } });
  expect(await of('rebuild_running')).toBe(0);
  expect(await of('rebuild_progress_ratio')).toBe(0);
});

test('a log that cannot be read is told, and the other measures still come', async () => {
  const closed = new EventStoreError('event-store-unavailable', 'gone');
  const count = vi.spyOn(scene.backing.eventStore, 'count').mockRejectedValue(closed);
  const found = await measures();
  count.mockRestore();
  expect(found.get('touchline_log_readable')).toBe(0);
  expect(found.get('touchline_storage_bytes{part="log"}')).toBeGreaterThan(0);
});
