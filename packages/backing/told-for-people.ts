import { EventStoreError } from '@touchline/event-store';
import { VaultError } from '@touchline/vault';

/** What to do about a failure, by the end of its code. */
const ADVICE: readonly (readonly [ending: string, advice: string])[] = [
  ['-corrupt', 'restore the file from its backup'],
  ['-foreign-file', 'move the file away, and restore the right one from its backup'],
  ['-newer-version', 'start the version that wrote it, or a newer one'],
  ['-newer', 'start the version that wrote it, or a newer one'],
  ['-read-only', 'make the file and its folder writable for this user'],
  ['-full', 'make room on its disk'],
  ['-unwritable', 'see that its folder can be written by this user and that its disk has room'],
  ['-busy', 'stop the process that holds it'],
  ['-unavailable', 'see that it is a file that this user may read and write'],
];

/** The same failure with the file it is about and what to do in its message: at a start nobody knows the context. */
export function toldForPeople(failure: unknown, file: string): unknown {
  if (failure instanceof VaultError) {
    return new VaultError(failure.code, wordsFor(failure, file), { cause: failure });
  }
  if (failure instanceof EventStoreError) {
    return new EventStoreError(failure.code, wordsFor(failure, file), { cause: failure });
  }
  return failure;
}

function wordsFor({ code, message }: VaultError | EventStoreError, file: string): string {
  const advice = ADVICE.find(([ending]) => code.endsWith(ending))?.[1];
  // The others say already what they are about and what to do.
  if (advice === undefined) return message;
  const said = message.includes(file) ? message : `${file}: ${message}`;
  return `${said.replace(/\.$/, '')}. What to do: ${advice}.`;
}
