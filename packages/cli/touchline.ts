import type { Command } from './commands/command.ts';
import { CommandError, EXIT_CODE_HELP, EXIT_CODES } from './commands/command-error.ts';
import type { Terminal } from './commands/terminal.ts';

const SUMMARY = `Every customer touchpoint in one log, one timeline for every department.

USAGE touchline <command> [OPTIONS]

COMMANDS
  import      Import touchpoints from NDJSON or CSV files
  sample      Make up a company and its customers
  readmodels  How the read models stand
  rebuild     Build a read model anew from the log, beside the live one; steer a rebuild
  verify      Prove that what a read model serves is what the log says
  rollback    Give readers back the generation before
  parked      Whose touchpoints are held back, and why; fold them after the cause is mended
  repair      Fold one customer anew
  republish   Publish a range of the log again, to a topic of your choice
  log         The raw log; what is sealed stays so
  token       Make, list and revoke the tokens that let somebody in

Use touchline <command> --help for the options of a command.
`;

/** Loaded when they are asked for: the catalogue alone takes a while. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['import', async () => (await import('./commands/import.ts')).importCommand],
  ['readmodels', async () => (await import('./commands/read-models.ts')).readModelsCommand],
  ['rebuild', async () => (await import('./commands/rebuild.ts')).rebuildCommand],
  ['verify', async () => (await import('./commands/rebuild.ts')).verifyCommand],
  ['rollback', async () => (await import('./commands/read-models.ts')).rollbackCommand],
  ['parked', async () => (await import('./commands/parked.ts')).parkedCommand],
  ['repair', async () => (await import('./commands/parked.ts')).repairCommand],
  ['republish', async () => (await import('./commands/republish.ts')).republishCommand],
  ['log', async () => (await import('./commands/log.ts')).logCommand],
  ['token', async () => (await import('./commands/token.ts')).tokenCommand],
  ['sample', async () => (await import('./commands/sample.ts')).sampleCommand],
]);

/** The `touchline` command. Answers its exit code; never throws. */
export async function touchline(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const [name = '--help', ...rest] = args;
    const isHelp = [name, ...rest].some((arg) => arg === '--help' || arg === '-h');
    const load = COMMANDS.get(name);
    if (isHelp) {
      const usage = load === undefined ? SUMMARY : await (await load()).usage();
      terminal.stdout.write(`${usage}\n${EXIT_CODE_HELP}\n`);
      return EXIT_CODES.done;
    }
    if (load === undefined)
      throw new CommandError('usage', `There is no command ${name}; --help lists those there are.`);
    return EXIT_CODES[await (await load()).run(rest, terminal)];
  } catch (error) {
    return tell(error, args.includes('--json'), terminal);
  }
}

function tell(error: unknown, asJson: boolean, { stdout, stderr }: Terminal): number {
  const isOurs = error instanceof CommandError;
  const isUsage = error instanceof Error && error.name === 'CLIError';
  const message =
    isOurs || isUsage ? error.message : `Unexpected: ${error instanceof Error ? error.stack : error}`;
  const code = isOurs ? error.ending : isUsage ? 'usage' : 'failed';
  if (asJson)
    stdout.write(`${JSON.stringify({ error: { code, message, ...(isOurs ? error.details : {}) } })}\n`);
  else stderr.write(`${message}\n`);
  return EXIT_CODES[code];
}
