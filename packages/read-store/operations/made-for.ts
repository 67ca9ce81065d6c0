import { hash } from 'node:crypto';
import type { ReadModel } from '../projection.ts';
import { shapeOf } from '../read-store.ts';

/** Names the shape of a read model in a job: the shape itself is kilobytes long. */
export function madeFor(readModel: ReadModel<never>): string {
  return hash('sha256', shapeOf(readModel));
}
