import { expect, test } from 'vitest';
import { onPostgres } from '../../test/support/on-postgres.ts';
import { OwnSchema } from '../../test/support/postgres.ts';
import { ReplayFixture } from './testing/replay-fixture.ts';

await onPostgres('what is asked of read models, on PostgreSQL', (postgres) =>
  test('what is asked of read models is the same on PostgreSQL', async () => {
    const own = new OwnSchema(postgres);
    const scene = await ReplayFixture.open({ readStore: own.url() });
    try {
      for (const id of ['2', '3', '4']) scene.failing.add(id);
      await scene.startFolding();
      const subject = (at: number) => `account:shop:${at}`;
      await scene.record({ id: '1' }, ...[2, 3, 4].map((at) => ({ id: String(at), subject: subject(at) })));
      await scene.record({ id: '5', subject: subject(2) });
      const { items } = (await scene.get('readmodels')).json();
      expect(items).toMatchObject([
        {
          name: 'counts',
          position: '5',
          state: 'live',
          parked: { subjects: 3, events: 4 },
          lag: { events: 4 },
        },
      ]);
      const first = (await scene.get('readmodels/counts/parked?limit=2')).json();
      const second = (await scene.get(`readmodels/counts/parked?limit=2&cursor=${first.next}`)).json();
      expect([...first.items, ...second.items].map(({ position, waiting }) => [position, waiting])).toEqual([
        ['2', 2],
        ['3', 1],
        ['4', 1],
      ]);
      expect((await scene.post('readmodels/counts/parked/retry')).json()).toEqual({ asked: 3, left: 0 });
      expect((await scene.post('readmodels/counts/rebuilds', { reason: 'why' })).statusCode).toBe(202);
      expect((await scene.get('readmodels/counts/rebuilds')).json().items).toMatchObject([{ total: 5 }]);
      expect((await scene.get('readmodels/counts/generations')).json().items).toMatchObject([
        { state: 'live' },
      ]);
      const answer = await scene.app.inject({ url: '/metrics', headers: scene.bearer });
      expect(answer.body).toContain('touchline_read_model_parked_subjects{read_model="counts"} 3');
    } finally {
      await scene.close();
      await own.drop();
    }
  }),
);
