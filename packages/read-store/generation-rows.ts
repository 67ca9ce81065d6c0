import { ReadStoreError } from './errors.ts';
import type { GenerationRecord } from './generations.ts';

/** A generation as every adapter stores it. */
export interface GenerationRow {
  readonly number: number;
  readonly shape: string;
  readonly live: boolean | 0 | 1;
  readonly begun: number;
  readonly promoted: number | null;
}

export function recordOf(
  { number, shape, live, begun, promoted }: GenerationRow,
  size: Pick<GenerationRecord, 'position' | 'bytes'>,
): GenerationRecord {
  return {
    number,
    shape,
    state: live ? 'live' : promoted === null ? 'building' : 'previous',
    begunAt: begun,
    promotedAt: promoted ?? undefined,
    ...size,
  };
}

/** Throws `generation-unknown` where there is none of this number, or none of this shape where one is asked for. */
export function knownRow(
  rows: readonly GenerationRow[],
  { readModel, number, shape }: { readModel: string; number: number; shape?: string },
): GenerationRow {
  const row = rows.find((one) => one.number === number);
  if (row !== undefined && (shape === undefined || row.shape === shape)) return row;
  throw new ReadStoreError(
    'generation-unknown',
    `read model ${readModel} has no generation ${number} of these projections`,
  );
}

/** The one that readers saw before, of the shape of the one they see. Throws `generation-unknown` where there is none. */
export function formerRow(rows: readonly GenerationRow[], readModel: string): GenerationRow {
  const live = latest(rows.filter((row) => row.live));
  const former = latest(rows.filter((row) => !row.live && row.shape === live?.shape));
  if (former !== undefined) return former;
  throw new ReadStoreError(
    'generation-unknown',
    `read model ${readModel} has no earlier generation of the same projections to go back to`,
  );
}

/** Throws `generation-in-use` for the one that readers see. */
export function assertNotSeen(rows: readonly GenerationRow[], readModel: string, number: number): void {
  if (latest(rows.filter((row) => row.live))?.number !== number) return;
  throw new ReadStoreError(
    'generation-in-use',
    `generation ${number} of read model ${readModel} is what readers see`,
  );
}

/** Throws `read-model-of-other-log` where a read model with the mark `noted` is to be folded from a log with the mark `given`. */
export function assertSameLog(readModel: string, noted: string | undefined, given: string | undefined): void {
  if (noted === undefined || noted === given) return;
  throw new ReadStoreError(
    'read-model-of-other-log',
    `read model ${readModel} was folded from another log, which begins with event ${noted}, and this one with ${given ?? 'none'}: ` +
      'give this installation a schema or a folder of its own, or delete these read models, and they are folded anew',
  );
}

/** The one promoted last; none where none was ever promoted. */
export function latest(rows: readonly GenerationRow[]): GenerationRow | undefined {
  return rows.reduce<GenerationRow | undefined>(
    (found, row) => ((row.promoted ?? 0) > (found?.promoted ?? 0) ? row : found),
    undefined,
  );
}
