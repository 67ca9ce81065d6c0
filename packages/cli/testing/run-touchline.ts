import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { touchline } from '../touchline.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string>>;

class Collected {
  text = '';

  write(text: string): void {
    this.text += text;
  }
}

/** Runs the command in this process: whole, but for what `main.ts` does. */
export async function runTouchline(
  args: readonly string[],
  environment: Environment,
  stop = new AbortController().signal,
): Promise<Ended> {
  const stdout = new Collected();
  const stderr = new Collected();
  const code = await touchline(args, { environment, stdout, stderr, stop });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** Starts the command as somebody types it, in a process of its own. */
export function startTouchline(
  args: readonly string[],
  environment: Environment,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TOUCHLINE_'));
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...output })));
  return { child, ended };
}
