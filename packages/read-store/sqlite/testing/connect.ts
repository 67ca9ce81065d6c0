import type { ReadStore } from '../../index.ts';
import { openSqliteReadStore } from '../index.ts';

/** How processes under test get to a read store: `place` is its folder. */
export async function connect(place: string): Promise<ReadStore> {
  return openSqliteReadStore({ folder: place });
}
