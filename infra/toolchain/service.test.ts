import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findServices, nearestService } from './services.ts';

const ROOT = join(import.meta.dirname, '../..');
let dataFolder: string;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'touchline-service-'));
});

afterEach(() => rm(dataFolder, { recursive: true, force: true }));

test('every service is found, and says in a line what it is', async () => {
  const services = await findServices();
  expect(services.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['customers', 'intake', 'replay', 'standalone', 'timeline']),
  );
  expect(services.filter(({ description }) => !/^\w.{10,90}\.$/.test(description))).toEqual([]);
});

test.each([
  ['timline', 'timeline'],
  ['Intake', 'intake'],
  ['rep', 'replay'],
  ['projector', undefined],
])('"%s" is nearest to %s', async (given, meant) => {
  expect(nearestService(given, await findServices())).toBe(meant);
});

describe('the command', () => {
  test('--help lists every service and every setting', async () => {
    const { code, stdout } = await ended(service('--help'));
    expect(code).toBe(0);
    for (const { name, description } of await findServices())
      expect(stdout).toMatch(new RegExp(`^  ${name} +${description.replace(/[.?]/g, '\\$&')}$`, 'm'));
    const config = await readFile(join(ROOT, 'packages/service-kit/config.ts'), 'utf8');
    const settings = [...config.matchAll(/^ {2}(TOUCHLINE_\w+): z/gm)].map(([, name]) => name ?? '');
    expect(settings.length).toBeGreaterThan(8);
    expect(settings.filter((name) => !stdout.includes(name))).toEqual([]);
  });

  test.each([
    ['an unknown name', ['timline'], 'Did you mean "timeline"?'],
    ['a path', ['../packages/cli'], 'there is no service "../packages/cli".'],
    ['no name', [], 'It needs a name.'],
    ['two names', ['intake', 'timeline'], 'one service at a time'],
    ['an unknown option', ['--port=1', 'intake'], "Unknown option '--port'"],
  ])('%s is refused with exit code 2', async (_, args, words) => {
    const { code, stdout, stderr } = await ended(service(...args));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  test('npm runs it after installing what is missing, with the flags of npm start', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    expect(scripts.preservice).toBe(scripts.prestart);
    expect(scripts.start).toBe(`${scripts.service} standalone`);
  });
});

describe('a service started alone', () => {
  test('answers, and ends in an orderly way when it is told to', async () => {
    const child = service('intake');
    const end = ended(child);
    const origin = await listening(child, end);
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    const { code, signal, stderr } = await end;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(stderr).toContain('"stopped"');
  });

  test('ends in an orderly way when npm is stopped, which stops only the shell between them', async () => {
    const node = `"${process.execPath}" "${join(ROOT, 'infra/toolchain/service.ts')}" intake; exit $?`;
    const shell = spawn('sh', ['-c', node], {
      env: { ...settings(), npm_lifecycle_event: 'service' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Closed when the last process that writes there has ended.
    const end = ended(shell);
    await listening(shell, end);
    shell.kill('SIGTERM');
    const { signal, stderr } = await end;
    expect(signal).toBe('SIGTERM');
    expect(stderr).toContain('"stopped"');
  });

  test('keeps its exit code when it cannot start', async () => {
    const { code, stderr } = await ended(service('timeline', { TOUCHLINE_PORT: 'http' }));
    expect(code).toBe(1);
    expect(stderr).toContain('TOUCHLINE_PORT must be a port number');
  });
});

function service(...args: readonly (string | Readonly<Record<string, string>>)[]): ChildProcess {
  const words = args.filter((arg) => typeof arg === 'string');
  const given = args.find((arg) => typeof arg === 'object');
  return spawn(process.execPath, [join(ROOT, 'infra/toolchain/service.ts'), ...words], {
    env: { ...settings(), ...given },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const settings = () => ({ PATH: process.env.PATH, TOUCHLINE_DATA: dataFolder, TOUCHLINE_PORT: '0' });

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...output };
}

/** The address it prints. Rejects with what it printed when it ends before that. */
function listening(child: ChildProcess, end: Promise<Ended>): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const origin = /Touchline listens on (\S+)\n/.exec(printed)?.[1];
      if (origin !== undefined) resolve(origin);
    });
    end.then(({ stderr }) => reject(new Error(`ended before it listened:\n${stderr}`)), reject);
  });
}
