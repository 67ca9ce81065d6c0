import { nativeCodeOf, type Trouble, troubleOf } from '@touchline/sqlite';
import { TokenStoreError, type TokenStoreErrorCode } from '../token-store-error.ts';

type Meaning = readonly [code: TokenStoreErrorCode, advice: string];

const READ_ONLY: Meaning = ['token-store-read-only', 'make the file and its folder writable for this user'];
const UNKNOWN: Meaning = [
  'token-store-unavailable',
  'see that it is a file that this user may read and write',
];

const MEANINGS: Readonly<Record<Trouble, Meaning>> = {
  full: ['token-store-full', 'make room on its disk'],
  'read-only': READ_ONLY,
  'cannot-open': READ_ONLY,
  busy: ['token-store-busy', 'stop the process that holds it'],
  'no-database': ['token-store-foreign-file', 'move it away'],
  corrupt: ['token-store-corrupt', 'restore it from its backup, or move it away and make new tokens'],
  refused: UNKNOWN,
  unavailable: UNKNOWN,
};

/** Whatever went wrong with the file, as the port names it, with what to do; a defect as it is. */
export function tokenStoreErrorOf(failure: unknown, file: string): unknown {
  if (failure instanceof TokenStoreError) return failure;
  const trouble = troubleOf(failure);
  if (trouble === undefined) return failure;
  const [code, advice] = MEANINGS[trouble];
  const message = `${file} cannot be used (${nativeCodeOf(failure)}): ${advice}`;
  return new TokenStoreError(code, message, { cause: failure });
}
