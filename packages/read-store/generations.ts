import type { Generation } from './generation.ts';
import type { ReadModel } from './projection.ts';

/**
 * The copies of read models beside one another: which there are, which one readers see. Readers see one whole generation;
 * a switch takes effect with their next read.
 *
 * Each program version has a live generation of its own shape, so that two versions may run at once: a version whose shape
 * has no live generation yet reads the live one promoted last, if that has the tables it asks for.
 */
export interface Generations {
  /** Names of read models that have a generation, in alphabetical order. */
  readModels(): Promise<readonly string[]>;

  /** Newest first. */
  list(readModel: string): Promise<readonly GenerationRecord[]>;

  /** Begins an empty one. Nobody reads it until it is promoted. */
  begin(readModel: ReadModel<never>): Promise<Generation>;

  /** Throws `generation-unknown`, also when it was made by projections of another shape. */
  open(readModel: ReadModel<never>, number: number): Promise<Generation>;

  /** Number of the live generation of this shape. */
  live(readModel: ReadModel<never>): Promise<number | undefined>;

  /**
   * Notes which log a read model is folded from, by a mark that no other log has and that never changes; none while the log
   * is empty. The first mark stays. Throws `read-model-of-other-log` when it is not the one given: two installations share
   * what each should have for itself, or a log was put in the place of another.
   */
  noteLog(readModel: string, mark: string | undefined): Promise<void>;

  /** Makes it the one that readers see. The one they saw before stays as it is, for `rollback`. */
  promote(readModel: string, number: number): Promise<void>;

  /**
   * Gives readers back the generation of the same shape that they saw before, with the rows it had: its projector takes
   * it on from there. Answers its number. Throws `generation-unknown` when there is none.
   */
  rollback(readModel: string): Promise<number>;

  /** Deletes one that nobody needs. Throws `generation-in-use` for the one that readers see. Idempotent. */
  drop(readModel: string, number: number): Promise<void>;
}

export interface GenerationRecord {
  readonly number: number;
  /** Projections and tables it was made by, see `shapeOf`. */
  readonly shape: string;
  /** `building` was never promoted; `live` is what readers of its shape see; `previous` was live once. */
  readonly state: 'building' | 'live' | 'previous';
  readonly position: bigint;
  /** Milliseconds since the epoch. */
  readonly begunAt: number;
  readonly promotedAt: number | undefined;
  /** Room it takes on disk. */
  readonly bytes: number;
}
