import type { ReadStore } from '../../index.ts';
import { openPostgresReadStore } from '../index.ts';

/** How processes under test get to a read store: `place` is its address. */
export async function connect(place: string): Promise<ReadStore> {
  return openPostgresReadStore({ url: place });
}
