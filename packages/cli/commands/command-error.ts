/** How a command ends, for scripts. Shown by `--help`. */
export const EXIT_CODES = {
  /** Everything was accepted or was there already. */
  done: 0,
  /** It could not be done: no connection, no access, unreadable input. What was acknowledged stays. */
  failed: 1,
  /** Wrong options, or a mapping that cannot be used: nothing was sent. */
  usage: 2,
  /** What is served is not what the log says. */
  differs: 2,
  /** Done, but some lines were rejected: see the rejects file. */
  rejects: 3,
  /** Stopped by Ctrl-C or a signal; run the same command again to go on. */
  interrupted: 130,
} as const;

export const EXIT_CODE_HELP = `EXIT CODES
  ${EXIT_CODES.done}    everything was accepted, or was there already
  ${EXIT_CODES.failed}    it failed: no connection, no access, unreadable input
  ${EXIT_CODES.usage}    wrong options, or a mapping that cannot be used; nothing was sent. Of rebuild and verify: the generations differ
  ${EXIT_CODES.rejects}    done, but some lines were rejected: see the rejects file
  ${EXIT_CODES.interrupted}  interrupted; run the same command again to go on`;

export type Ending = keyof typeof EXIT_CODES;

/** Ends a command with a message for the person who typed it; no stack trace. */
export class CommandError extends Error {
  readonly ending: Ending;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(ending: Ending, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'CommandError';
    this.ending = ending;
    this.details = details;
  }
}

export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
