import { type ArgsDef, defineCommand, type ParsedArgs, parseArgs, renderUsage } from 'citty';
import type { Ending } from './command-error.ts';
import { refuseUnknownOptions } from './strict-options.ts';
import type { Terminal } from './terminal.ts';

/** One command of the command line. */
export interface Command {
  /** How it is used, for `--help`. */
  usage(): Promise<string>;
  /** Throws `CommandError` when it cannot begin, or fails as a whole. */
  run(rawArgs: readonly string[], terminal: Terminal): Promise<Ending>;
}

export function createCommand<const Args extends ArgsDef>(command: {
  readonly name: string;
  readonly description: string;
  readonly args: Args;
  run(args: ParsedArgs<Args>, terminal: Terminal): Promise<Ending>;
}): Command {
  const { name, description, args } = command;
  return {
    usage: () => renderUsage(defineCommand({ meta: { name, description }, args: { ...args } })),
    run(rawArgs, terminal) {
      refuseUnknownOptions(rawArgs, args);
      return command.run(parseArgs<Args>([...rawArgs], args), terminal);
    },
  };
}
