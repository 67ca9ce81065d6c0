import { nativeCodeOf, type Trouble, troubleOf } from '@touchline/sqlite';
import { CheckpointsError, type CheckpointsErrorCode } from '../checkpoints/index.ts';

const UNKNOWN = [
  'checkpoints-unavailable',
  'see that it is a file that this user may read and write',
] as const;

const MEANINGS: Readonly<Record<Trouble, readonly [code: CheckpointsErrorCode, advice: string]>> = {
  full: ['checkpoints-full', 'make room on its disk'],
  'read-only': ['checkpoints-read-only', 'make the file and its folder writable for this user'],
  'cannot-open': UNKNOWN,
  busy: ['checkpoints-busy', 'stop the process that holds it'],
  'no-database': ['checkpoints-foreign-file', 'move it away'],
  corrupt: ['checkpoints-corrupt', 'restore it from its backup, or move it away to publish everything again'],
  refused: UNKNOWN,
  unavailable: UNKNOWN,
};

/** Whatever went wrong with the file, as the port names it, with what to do. */
export function toCheckpointsError(failure: unknown, file: string): unknown {
  if (failure instanceof CheckpointsError) return failure;
  const trouble = troubleOf(failure);
  if (trouble === undefined) return failure;
  const [code, advice] = MEANINGS[trouble];
  const message = `${file} cannot be used (${nativeCodeOf(failure)}): ${advice}`;
  return new CheckpointsError(code, message, { cause: failure });
}
