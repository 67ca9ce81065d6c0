import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../../../test/support/until.ts';
import type { Append, RecordedEvent } from '../event-store.ts';
import { type EventStoreDbEventStore, openEventStoreDbEventStore } from './event-store-db-event-store.ts';
import { anEvent, toStream } from './testing/events.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';

const QUICK = { resumePauseMs: 1, maxResumePauseMs: 20 };
const LARGE = JSON.stringify('x'.repeat(100_000));
const TEST_MS = 120_000;

describe('a cluster', () => {
  test('that chooses another leader is followed there', async () => {
    using cluster = await ScriptedCluster.start();
    const [one, two] = cluster.nodes;
    const store = openEventStoreDbEventStore({ url: cluster.url, ...QUICK });
    const batches = store.subscribe()[Symbol.asyncIterator]();
    for (const leader of [one, two, one, two]) {
      cluster.lead(leader);
      const event = anEvent();
      expect(await store.append(toStream('a', event))).toMatchObject({ ok: true });
      const written = await store.readStream('a');
      expect(written.at(-1)?.id).toBe(event.id);
      expect((await batches.next()).value).toMatchObject([{ id: event.id }]);
      for (const node of cluster.nodes) node.endSubscriptions({ code: 14, details: 'no longer leading' });
    }
    await store.close();
  });

  test(
    'whose nodes crash in turn, and once all together, under large appends loses nothing and stores nothing twice',
    async () => {
      using cluster = await ScriptedCluster.start();
      const store = openEventStoreDbEventStore({ url: cluster.url, ...QUICK });
      const seen: RecordedEvent[] = [];
      const stop = new AbortController();
      const follow = async () => {
        for await (const batch of store.subscribe({ signal: stop.signal })) seen.push(...batch);
      };
      const following = follow();
      const ids: string[] = [];
      for (let round = 0; round < 4; round += 1) {
        const appends = Array.from({ length: 60 }, (_, index) =>
          toStream(`${index % 30}`, { ...anEvent(), data: LARGE }),
        );
        ids.push(...appends.flatMap(({ events }) => events.map(({ id }) => id)));
        const [stays, crashes] = round % 2 === 0 ? cluster.nodes : cluster.nodes.toReversed();
        const before = callsOf(cluster);
        const appended = Promise.all(appends.map((append) => appendPatiently(store, append)));
        await until(() => callsOf(cluster) > before + 20, 'some are under way');
        crashes?.stop();
        if (round === 2) stays?.stop();
        if (round === 2) await stays?.start();
        if (stays !== undefined) cluster.lead(stays);
        await appended;
        await crashes?.start();
      }
      await until(() => seen.length >= ids.length, 'everything has come');
      stop.abort();
      await following;
      expect(seen.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      await store.close();
    },
    TEST_MS,
  );
});

function callsOf({ nodes }: ScriptedCluster): number {
  return nodes.reduce((sum, { calls }) => sum + calls.append, 0);
}

/** As any caller does: repeats what failed retryably, after a pause. */
async function appendPatiently(store: EventStoreDbEventStore, append: Append): Promise<void> {
  for (;;) {
    try {
      expect(await store.append(append)).toMatchObject({ ok: true });
      return;
    } catch (error) {
      if (!(error as { isRetryable?: boolean }).isRetryable) throw error;
      await delay(20);
    }
  }
}
