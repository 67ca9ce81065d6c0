import type { ReadStore } from '../../index.ts';
import { openPostgresReadStore } from '../index.ts';

/** How processes under test get to a read store: `place` is the address of its database and the schema of its own. */
export async function connect(place: string): Promise<ReadStore> {
  const [url = '', schema = ''] = place.split(' ');
  return openPostgresReadStore({ url, schema });
}
