import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { TOKEN } from './touchline-process.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'main.ts');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `touchline` command against a running installation, as a person at a shell would. */
export async function touchline(
  args: readonly string[],
  options: { url: string; dataFolder: string },
): Promise<CommandResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      PATH: process.env.PATH,
      TOUCHLINE_URL: options.url,
      TOUCHLINE_TOKEN: TOKEN,
      TOUCHLINE_DATA: options.dataFolder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}
