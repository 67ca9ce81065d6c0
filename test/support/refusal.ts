import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'vitest';
import { TOKEN } from './touchline-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAX_START_MS = 30_000;
const LOG_LINE = /^\{/;

/**
 * Starts a process that must refuse: exit code 1 and, beside the log, one or two lines of words on stderr, without a
 * stack. Answers those words.
 */
export async function refusalOf(
  environment: Readonly<Record<string, string>>,
  service = 'standalone',
): Promise<string> {
  const child = spawn(process.execPath, [join(ROOT, 'services', service, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      TOUCHLINE_PORT: '0',
      TOUCHLINE_ADMIN_TOKEN: TOKEN,
      TOUCHLINE_SAMPLE: 'off',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: MAX_START_MS,
    killSignal: 'SIGKILL',
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  const words = stderr.split('\n').filter((line) => line.trim() !== '' && !LOG_LINE.test(line));
  expect({ code, words }).toEqual({ code: 1, words: [expect.stringMatching(/^Touchline cannot start: \S/)] });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain(TOKEN);
  return words.join('\n').replace('Touchline cannot start: ', '');
}
