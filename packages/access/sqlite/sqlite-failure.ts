import { TokenStoreError, type TokenStoreErrorCode } from '../token-store-error.ts';

/** Codes of SQLite (https://www.sqlite.org/rescode.html) and of the operating system by prefix; the first that fits counts. */
const MEANINGS: readonly (readonly [prefix: string, code: TokenStoreErrorCode, advice: string])[] = [
  ['SQLITE_FULL', 'token-store-full', 'make room on its disk'],
  ['SQLITE_IOERR_SHMSIZE', 'token-store-full', 'make room on its disk'],
  ['SQLITE_READONLY', 'token-store-read-only', 'make the file and its folder writable for this user'],
  ['SQLITE_PERM', 'token-store-read-only', 'make the file and its folder writable for this user'],
  // Beside the file, SQLite needs two more, which a folder that cannot be written does not let it have.
  ['SQLITE_CANTOPEN', 'token-store-read-only', 'make the file and its folder writable for this user'],
  ['EACCES', 'token-store-read-only', 'make the file and its folder writable for this user'],
  ['EROFS', 'token-store-read-only', 'make the file and its folder writable for this user'],
  ['ENOSPC', 'token-store-full', 'make room on its disk'],
  ['SQLITE_BUSY', 'token-store-busy', 'stop the process that holds it'],
  ['SQLITE_NOTADB', 'token-store-foreign-file', 'move it away'],
  [
    'SQLITE_CORRUPT',
    'token-store-corrupt',
    'restore it from its backup, or move it away and make new tokens',
  ],
];

const UNKNOWN = [
  '',
  'token-store-unavailable',
  'see that it is a file that this user may read and write',
] as const;

/** Whatever went wrong with the file, as the port names it, with what to do; a defect as it is. */
export function tokenStoreErrorOf(failure: unknown, file: string): unknown {
  if (failure instanceof TokenStoreError) return failure;
  const state = codeOf(failure);
  if (state === '') return failure;
  const [, code, advice] = MEANINGS.find(([prefix]) => state.startsWith(prefix)) ?? UNKNOWN;
  return new TokenStoreError(code, `${file} cannot be used (${state}): ${advice}`, { cause: failure });
}

export function isBusy(failure: unknown): boolean {
  return codeOf(failure).startsWith('SQLITE_BUSY');
}

function codeOf(failure: unknown): string {
  return failure instanceof Error && 'code' in failure && typeof failure.code === 'string'
    ? failure.code
    : '';
}
