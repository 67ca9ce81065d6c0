import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresBinaries } from './postgres-binaries.ts';

/** `nobody`: PostgreSQL refuses to run as root. */
const UNPRIVILEGED = 65_534;
const START_MS = 60_000;
/** Nothing has to survive a power cut here; everything else is as in production. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '100',
};

/** A PostgreSQL server of its own, in a folder of its own, that can be stopped, crashed and started again. */
export class PostgresServer {
  readonly #home: string;
  readonly #bin: string;
  readonly #port: number;
  #process: ChildProcess | undefined;
  #guard: ChildProcess | undefined;

  private constructor(home: string, bin: string, port: number) {
    this.#home = home;
    this.#bin = bin;
    this.#port = port;
  }

  /** Throws with the reason where no server can run. */
  static async start(): Promise<PostgresServer> {
    const home = mkdtempSync(join(tmpdir(), 'touchline-postgres-'));
    try {
      const bin = postgresBinaries(home);
      if (process.getuid?.() === 0) chownSync(home, UNPRIVILEGED, UNPRIVILEGED);
      const server = new PostgresServer(home, bin, await freePort());
      server.#create();
      await server.start();
      return server;
    } catch (failure) {
      rmSync(home, { recursive: true, force: true });
      throw failure;
    }
  }

  get url(): string {
    return `postgres://touchline@127.0.0.1:${this.#port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(
      join(this.#bin, 'postgres'),
      ['-D', this.#data, '-p', String(this.#port), ...settings],
      { ...asWhom(), stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.#process = child;
    this.#guard = guard(child, this.#home);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const failed = (): void => reject(new Error(`PostgreSQL did not start: ${said}`));
      const timer = setTimeout(failed, START_MS);
      child.once('error', reject);
      child.once('exit', failed);
      child.stderr?.on('data', (data) => {
        said = (said + data).slice(-4_000);
        if (!said.includes('ready to accept connections')) return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** `fast` ends every session with an error (57P01); `crash` is what a power cut is, without the power. */
  async stop(how: 'fast' | 'crash'): Promise<void> {
    const child = this.#process;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
      await ended;
    }
    this.#guard?.kill('SIGKILL');
  }

  async close(): Promise<void> {
    await this.stop('crash');
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  get #data(): string {
    return join(this.#home, 'data');
  }

  #create(): void {
    const { status, error, stderr } = spawnSync(
      join(this.#bin, 'initdb'),
      ['-D', this.#data, '-U', 'touchline', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      { ...asWhom(), encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`initdb failed: ${error?.message ?? stderr.trim()}`);
  }
}

/** However we end, our end of the pipe closes: then nobody is left who would stop the server and tidy up. */
function guard(server: ChildProcess, home: string): ChildProcess | undefined {
  if (process.platform === 'win32' || server.pid === undefined) return undefined;
  const script = 'cat >/dev/null; kill -QUIT "$1"; sleep 1; rm -rf "$2"';
  const child = spawn('sh', ['-c', script, 'guard', String(server.pid), home], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.unref();
  (child.stdin as Socket | null)?.unref();
  return child;
}

function asWhom() {
  const env = { ...process.env, LC_ALL: 'C' };
  return process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED, env, cwd: tmpdir() } : { env };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}
