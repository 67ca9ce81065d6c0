import { DatabaseError } from 'pg';
import { CheckpointsError, type CheckpointsErrorCode } from '../checkpoints/index.ts';

/** By SQLSTATE; the first beginning that fits decides. */
const MEANINGS: readonly (readonly [beginning: string, code: CheckpointsErrorCode, advice: string])[] = [
  ['53100', 'checkpoints-full', 'make room on its disk'],
  ['53300', 'checkpoints-busy', 'raise max_connections, or stop what holds them'],
  ['53', 'checkpoints-busy', 'it lacks resources'],
  ['40', 'checkpoints-busy', 'it is asked again'],
  ['55P03', 'checkpoints-busy', 'another process holds the row'],
  ['57014', 'checkpoints-busy', 'it took too long'],
  ['25006', 'checkpoints-unavailable', 'it is a standby, or was told to be read-only'],
  ['28', 'checkpoints-unavailable', 'correct user and password'],
  ['3D000', 'checkpoints-unavailable', 'create the database, or correct its name'],
  ['42501', 'checkpoints-read-only', 'the user needs the right to CREATE in its database'],
  ['XX00', 'checkpoints-corrupt', 'restore it from its backup'],
  ['3F000', 'checkpoints-corrupt', 'its tables are gone: start again, they are made anew'],
  ['42P01', 'checkpoints-corrupt', 'its tables are gone: start again, they are made anew'],
];

/** Whatever went wrong, as the port names it. Neither user nor password is in `place`. */
export function toCheckpointsError(failure: unknown, place: string): CheckpointsError {
  if (failure instanceof CheckpointsError) return failure;
  if (!(failure instanceof DatabaseError)) {
    const { code, message } = (failure ?? {}) as { code?: unknown; message?: unknown };
    const why = typeof code === 'string' ? code : String(message);
    const words = `PostgreSQL at ${place} cannot be reached (${why}): see that it runs there and lets this machine in`;
    return new CheckpointsError('checkpoints-unavailable', words, { cause: failure });
  }
  const state = failure.code ?? '';
  const [, code, advice] = MEANINGS.find(([beginning]) => state.startsWith(beginning)) ?? UNKNOWN;
  return new CheckpointsError(code, `PostgreSQL at ${place} refuses (${state}): ${advice}`, {
    cause: failure,
  });
}

const UNKNOWN = ['', 'checkpoints-unavailable', 'see its log'] as const;
