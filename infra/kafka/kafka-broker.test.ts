import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRequired } from '../../test/support/backing-services.ts';
import { until } from '../../test/support/until.ts';
import { kafkaJars } from './kafka-jars.ts';

type Running = ChildProcessByStdio<null, Readable, Readable>;

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const FETCH = fileURLToPath(new URL('./fetch-jars.mjs', import.meta.url));
const MAX_TEST_MS = 120_000;

const gap = await reasonForNone();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-kafka-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

if (gap) test.skip(`the command: ${gap}`, () => {});
describe.skipIf(gap !== undefined)('the command', { timeout: MAX_TEST_MS }, () => {
  test('prints the address of a broker that is up, stops it cleanly, and starts it again on its data', async () => {
    for (let start = 0; start < 2; start++) {
      const child = run(['--data', folder, '--port', '0']);
      const address = await firstLine(child);
      expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(await answers(address)).toBe(true);
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(await answers(address)).toBe(false);
    }
    expect(existsSync(join(folder, 'data/meta.properties'))).toBe(true);
  });

  test('leaves no broker behind when it is killed', async () => {
    const child = run(['--data', folder, '--port', '0']);
    const address = await firstLine(child);
    child.kill('SIGKILL');
    await until(async () => !(await answers(address)), 'the broker is gone', 60_000);
  });
});

describe('the command says why it cannot', () => {
  test.for<[string, readonly string[], object, string]>([
    ['for a port that is none', ['--port', 'x'], {}, '"x" is not a port'],
    [
      'without Maven',
      [],
      { PATH: dirname(process.execPath), XDG_CACHE_HOME: 'none' },
      'there is no mvn on the PATH',
    ],
  ])('%s', async ([, args, env, reason]) => {
    const child = run(['--data', folder, ...args], env);
    const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(complaint).toContain(reason);
    expect(code).toBe(1);
  });

  test.skipIf(gap !== undefined)('without Java', async () => {
    const cache = dirname(dirname(await kafkaJars()));
    const env = { PATH: dirname(process.execPath), JAVA_HOME: '', XDG_CACHE_HOME: cache };
    const child = run(['--data', folder], env);
    const [complaint] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(complaint).toContain('there is no java on the PATH nor in JAVA_HOME');
  });
});

test.skipIf(gap !== undefined)(
  'jars are fetched once when several ask at once',
  { timeout: MAX_TEST_MS },
  async () => {
    const env = { ...process.env, XDG_CACHE_HOME: folder };
    const asked = [1, 2].map(() =>
      spawn(process.execPath, [FETCH], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const answered = await Promise.all(
      asked.map((child) => Promise.all([text(child.stdout), text(child.stderr)])),
    );
    const [one, other] = answered.map(([said]) => said.trim());
    expect(one).toBe(other);
    expect(existsSync(one ?? '')).toBe(true);
    const complaints = answered.map(([, complained]) => complained).join('');
    expect(complaints.match(/fetching Apache Kafka with Maven/g)).toHaveLength(1);
  },
);

function run(args: readonly string[], env: object = {}): Running {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env }, stdio, cwd: folder });
}

async function firstLine(child: Running): Promise<string> {
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  return String(data).trim();
}

async function answers(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect(Number(port), host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function reasonForNone(): Promise<string | undefined> {
  try {
    await kafkaJars();
    return undefined;
  } catch (failure) {
    if (isRequired('kafka')) throw failure;
    return String(failure);
  }
}
