import type { DisplayOutput } from '../display/display.ts';

/** What a command is given by whoever started it. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For the answer. */
  readonly stdout: { write(text: string): unknown };
  /** For how it is getting on. */
  readonly stderr: DisplayOutput;
  /** Aborted to end in order. */
  readonly stop: AbortSignal;
}
