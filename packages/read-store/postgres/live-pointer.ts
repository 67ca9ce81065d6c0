import { createHash } from 'node:crypto';
import { isReadableAs } from '../read-store.ts';
import type { Catalog } from './catalog.ts';
import type { Connection } from './connections.ts';

/** Stands for a shape wherever only equality matters: shapes are kilobytes long. */
export function shapeMark(shape: string): string {
  return createHash('sha256').update(shape).digest('hex');
}

/** Which generation a reader of one shape sees. */
export class LivePointer {
  readonly #catalog: Catalog;
  readonly #readModel: string;
  readonly #shape: string;
  readonly #mark: string;
  /** By the number of a generation, whose shape never changes. */
  readonly #readable = new Map<number, boolean>();

  constructor(catalog: Catalog, readModel: string, shape: string) {
    this.#catalog = catalog;
    this.#readModel = readModel;
    this.#shape = shape;
    this.#mark = shapeMark(shape);
  }

  /**
   * The live generation of this shape, else the one promoted last that has the tables this shape asks for. `undefined` until
   * a projector has begun one.
   */
  async number(connection: Connection): Promise<number | undefined> {
    if (!(await this.#catalog.exists(connection))) return undefined;
    const { rows } = await connection.run(
      `SELECT number, shape_mark FROM ${this.#catalog.path('generations')} WHERE read_model = $1 AND live ORDER BY promoted DESC`,
      [this.#readModel],
      { prepared: true },
    );
    const exact = rows.find(([, mark]) => mark === this.#mark);
    if (exact !== undefined) return Number(exact[0]);
    for (const [number] of rows)
      if (await this.#isReadable(connection, Number(number))) return Number(number);
    return undefined;
  }

  async #isReadable(connection: Connection, number: number): Promise<boolean> {
    const known = this.#readable.get(number);
    if (known !== undefined) return known;
    const { rows } = await connection.run(
      `SELECT shape FROM ${this.#catalog.path('generations')} WHERE read_model = $1 AND number = $2`,
      [this.#readModel, number],
    );
    const isReadable = rows[0] !== undefined && isReadableAs(this.#shape, String(rows[0][0]));
    this.#readable.set(number, isReadable);
    return isReadable;
  }
}
