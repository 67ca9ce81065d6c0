import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStoreContract } from '../contract/index.ts';
import { connect } from './testing/connect.ts';

readStoreContract('read models on SQLite', async () => {
  const place = await mkdtemp(join(tmpdir(), 'touchline-read-store-'));
  return {
    place,
    module: new URL('./testing/connect.ts', import.meta.url),
    connect: () => connect(place),
    discard: () => rm(place, { recursive: true }),
  };
});
