import { createHash } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import { ReadStoreError } from '../errors.ts';

/** Longer names are cut without a word (NAMEDATALEN - 1), and two might become one. */
const MAX_NAME_BYTES = 63;

export const quote = escapeIdentifier;

/** Names of the schemas of one installation, and of what tells about its commits. */
export class Names {
  /** Schema of the catalogue, and beginning of every other name. */
  readonly catalog: string;

  constructor(schema: string) {
    this.catalog = schema;
  }

  generation(readModel: string, number: number): string {
    return whole(`${this.catalog}_${readModel}_${number}`);
  }

  /** Notified at each commit. */
  channel(readModel: string): string {
    return whole(`${this.catalog}_${readModel}`);
  }
}

export function indexName(table: string, columns: readonly string[]): string {
  const name = `${table}_by_${columns.join('_')}`;
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${table.slice(0, 15)}_by_${mark}`;
}

function whole(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const message = `${name} is longer than the ${MAX_NAME_BYTES} bytes of a name in PostgreSQL: shorten the read model's name`;
  throw new ReadStoreError('read-store-corrupt', message);
}
