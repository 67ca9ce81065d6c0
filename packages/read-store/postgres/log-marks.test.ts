import { expect, test } from 'vitest';
import { households } from '../contract/households.ts';
import { TestDatabase } from './testing/database.ts';

const model = households() as never;

await TestDatabase.declare('marks of logs on PostgreSQL', (database) => {
  test('a catalogue that was made before logs had marks takes one, and nothing is built anew', () =>
    database.using(async (open, { schema }) => {
      const { number } = await open().openLive(model);
      await database.sql(`ALTER TABLE "${schema}".read_models DROP COLUMN log_mark`);
      const [one, other] = [open().generations, open().generations];
      await one.noteLog('households', undefined);
      await Promise.all([one.noteLog('households', 'mine'), other.noteLog('households', 'mine')]);
      await expect(other.noteLog('households', 'theirs')).rejects.toMatchObject({
        code: 'read-model-of-other-log',
      });
      expect((await open().openLive(model)).number).toBe(number);
    }));

  test('two schemas in one database are two installations', () =>
    database.using(async (open) => {
      await database.using(async (openOther) => {
        await open().openLive(model);
        await openOther().openLive(model);
        await open().generations.noteLog('households', 'mine');
        await openOther().generations.noteLog('households', 'theirs');
      });
    }));
});
