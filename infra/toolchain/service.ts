import { parseArgs } from 'node:util';
import { endWithShell } from './end-with-shell.ts';
import { usage } from './service-usage.ts';
import { findServices, mainOf, nearestService } from './services.ts';

/**
 * `npm run service -- <name>`: this process becomes that service, so that signals and the exit code are its own.
 * Exit code 2 means that the command was not understood; nothing was started.
 */
const { values, positionals } = readCommand(process.argv.slice(2));
const services = await findServices();
const [name, ...rest] = positionals;
if (values.help) process.stdout.write(await usage(services));
else if (name === undefined) refuse('which service? It needs a name.');
else if (rest.length > 0) refuse(`one service at a time: "${rest.join(' ')}" is one argument too many.`);
else if (!services.some((service) => service.name === name)) refuse(unknown(name));
else await become(name);

function readCommand(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (failure) {
    return refuse(failure instanceof Error ? failure.message : String(failure));
  }
}

function unknown(given: string): string {
  const nearest = nearestService(given, services);
  return `there is no service "${given}".${nearest === undefined ? '' : ` Did you mean "${nearest}"?`}`;
}

function refuse(why: string): never {
  process.stderr.write(`touchline: ${why}\nRun "npm run service -- --help" for the services.\n`);
  process.exit(2);
}

async function become(service: string): Promise<void> {
  // The first process of a container ignores signals that nobody listens for. Until the service does, ending at once is right:
  // nothing has been accepted yet.
  const endEarly = (signal: NodeJS.Signals, number: number): void => {
    if (process.listenerCount(signal) === 1) process.exit(128 + number);
  };
  process.on('SIGTERM', endEarly);
  process.on('SIGINT', endEarly);
  endWithShell();
  await import(mainOf(service).href);
}
