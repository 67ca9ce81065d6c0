import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { households } from '../contract/households.ts';
import { connect } from './testing/connect.ts';

test('a file that no catalogue knows is not taken for a generation', async () => {
  const place = await mkdtemp(join(tmpdir(), 'touchline-stray-'));
  const readModel = households() as never;
  await mkdir(join(place, 'households'));
  await writeFile(join(place, 'households', 'generation-1.sqlite'), 'of another time');
  const store = await connect(place);
  try {
    const generation = await store.openLive(readModel);
    expect([generation.number, await generation.checkpoint()]).toEqual([1, 0n]);
  } finally {
    await store.close();
    await rm(place, { recursive: true });
  }
});
