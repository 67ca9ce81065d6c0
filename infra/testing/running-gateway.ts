import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/support/until.ts';
import { ROOT } from './house.ts';

const SERVICES = ['intake', 'timeline', 'customers', 'replay', 'relay'] as const;
type Name = (typeof SERVICES)[number];

/** A Caddy with our Caddyfile on a free port, before stand-ins that answer who they are and what they were asked. */
export class RunningGateway {
  readonly host: string;
  readonly #services: ReadonlyMap<Name, Server>;
  readonly #caddy: ChildProcess;
  readonly #folder: string;

  private constructor(parts: {
    host: string;
    services: ReadonlyMap<Name, Server>;
    caddy: ChildProcess;
    folder: string;
  }) {
    this.host = parts.host;
    this.#services = parts.services;
    this.#caddy = parts.caddy;
    this.#folder = parts.folder;
  }

  static async start(): Promise<RunningGateway> {
    const services = new Map<Name, Server>();
    for (const name of SERVICES) services.set(name, await standIn(name));
    const folder = await mkdtemp(join(tmpdir(), 'touchline-gateway-'));
    const port = await freePort();
    const config = join(ROOT, 'infra/gateway/Caddyfile');
    const addresses = [...services].map(([name, server]) => [
      name.toUpperCase(),
      `127.0.0.1:${portOf(server)}`,
    ]);
    const caddy = spawn('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GATEWAY_PORT: String(port),
        ...Object.fromEntries(addresses),
      },
      stdio: 'ignore',
    });
    const gateway = new RunningGateway({ host: `127.0.0.1:${port}`, services, caddy, folder });
    const answers = () =>
      gateway.fetch('/health/live').then(
        ({ status }) => status === 200,
        () => false,
      );
    await until(answers, 'the gateway answers').catch(async (failure) => {
      await gateway.close();
      throw failure;
    });
    return gateway;
  }

  /** Not `fetch`, which does not let a `Host` be made up. */
  async fetch(path: string, { headers = {} }: { headers?: Record<string, string> } = {}): Promise<Response> {
    const asked = request(`http://${this.host}${path}`, { headers, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [import('node:http').IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    return new Response(body, {
      status: answer.statusCode ?? 0,
      headers: Object.entries(answer.headers) as [string, string][],
    });
  }

  async serviceAt(path: string): Promise<string> {
    const { service } = (await (await this.fetch(path)).json()) as { service: string };
    return service;
  }

  async stopService(name: Name): Promise<void> {
    const server = this.#services.get(name);
    server?.closeAllConnections();
    if (server !== undefined) await closed(server);
  }

  async close(): Promise<void> {
    if (this.#caddy.exitCode === null) {
      const ended = once(this.#caddy, 'exit');
      this.#caddy.kill('SIGTERM');
      await ended;
    }
    for (const name of SERVICES) await this.stopService(name);
    await rm(this.#folder, { recursive: true });
  }
}

async function standIn(service: Name): Promise<Server> {
  const server = createServer(({ headers }, answer) => {
    answer.end(JSON.stringify({ service, host: headers.host }));
  });
  await listening(server);
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const port = portOf(server);
  await closed(server);
  return port;
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
