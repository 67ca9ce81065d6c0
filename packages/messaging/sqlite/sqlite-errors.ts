import { CheckpointsError, type CheckpointsErrorCode } from '../checkpoints/index.ts';

/** SQLite's result codes (https://www.sqlite.org/rescode.html) by prefix; the first that fits counts. */
const MEANINGS: readonly (readonly [prefix: string, code: CheckpointsErrorCode, advice: string])[] = [
  ['SQLITE_FULL', 'checkpoints-full', 'make room on its disk'],
  ['SQLITE_IOERR_SHMSIZE', 'checkpoints-full', 'make room on its disk'],
  ['SQLITE_READONLY', 'checkpoints-read-only', 'make the file and its folder writable for this user'],
  ['SQLITE_PERM', 'checkpoints-read-only', 'make the file and its folder writable for this user'],
  ['SQLITE_BUSY', 'checkpoints-busy', 'stop the process that holds it'],
  ['SQLITE_LOCKED', 'checkpoints-busy', 'stop the process that holds it'],
  ['SQLITE_NOTADB', 'checkpoints-foreign-file', 'move it away'],
  [
    'SQLITE_CORRUPT',
    'checkpoints-corrupt',
    'restore it from its backup, or move it away to publish everything again',
  ],
];

const UNKNOWN = [
  '',
  'checkpoints-unavailable',
  'see that it is a file that this user may read and write',
] as const;

/** Whatever went wrong with the file, as the port names it, with what to do. */
export function toCheckpointsError(failure: unknown, file: string): unknown {
  if (failure instanceof CheckpointsError) return failure;
  const state = codeOf(failure);
  if (!state.startsWith('SQLITE_')) return failure;
  const [, code, advice] = MEANINGS.find(([prefix]) => state.startsWith(prefix)) ?? UNKNOWN;
  return new CheckpointsError(code, `${file} cannot be used (${state}): ${advice}`, { cause: failure });
}

export function isBusy(failure: unknown): boolean {
  return codeOf(failure).startsWith('SQLITE_BUSY');
}

function codeOf(failure: unknown): string {
  return failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
    ? failure.code
    : '';
}
