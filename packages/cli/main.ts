#!/usr/bin/env node
import { defineCommand, renderUsage, runCommand } from 'citty';
import { CommandError, EXIT_CODE_HELP, EXIT_CODES } from './commands/command-error.ts';
import { importCommand } from './commands/import.ts';

const META = {
  name: 'touchline',
  description: 'Every customer touchpoint in one log, one timeline for every department.',
};
const touchline = defineCommand({
  meta: META,
  subCommands: { import: importCommand },
});

process.exitCode = EXIT_CODES.done;
await main(process.argv.slice(2));

async function main(args: string[]): Promise<void> {
  try {
    if (args.includes('--help') || args.includes('-h') || args.length === 0) await showHelp(args[0]);
    else await runCommand(touchline, { rawArgs: args });
  } catch (error) {
    fail(error, args.includes('--json'));
  }
}

async function showHelp(name: string | undefined): Promise<void> {
  const usage = name === 'import' ? renderUsage(importCommand, { meta: META }) : renderUsage(touchline);
  process.stdout.write(`${await usage}\n${EXIT_CODE_HELP}\n`);
}

function fail(error: unknown, asJson: boolean): void {
  const isOurs = error instanceof CommandError;
  const isUsage = error instanceof Error && error.name === 'CLIError';
  const message =
    isOurs || isUsage ? error.message : `Unexpected: ${error instanceof Error ? error.stack : error}`;
  const ending = isOurs ? error.ending : isUsage ? 'usage' : 'failed';
  process.exitCode = EXIT_CODES[ending];
  if (!asJson) process.stderr.write(`${message}\n`);
  else
    process.stdout.write(
      `${JSON.stringify({ error: { code: ending, message, ...(isOurs ? error.details : {}) } })}\n`,
    );
}
