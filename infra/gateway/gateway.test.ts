import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminTokens, createServer } from '@touchline/service-kit';
import { composeStandalone } from '@touchline/standalone';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processContext } from '../../test/support/process-context.ts';
import { RunningGateway } from '../testing/running-gateway.ts';
import { findTool } from '../testing/tool.ts';

/** Mounted by the one process alone. */
const ONLY_IN_ONE_PROCESS = ['status', 'page'];
const MAX_START_MS = 30_000;
const TOKEN = 'test-token-0123456789';

interface Route {
  readonly service: string;
  readonly path: string;
}

let routes: readonly Route[];

beforeAll(async () => {
  routes = await documentedRoutes();
});

/** Every route with the service it belongs to, as the API description has them. */
async function documentedRoutes(): Promise<readonly Route[]> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-gateway-'));
  const context = await processContext({ TOUCHLINE_DATA: folder });
  const { services, close } = await composeStandalone(context);
  const app = await createServer({ services, access: adminTokens(TOKEN), ...context });
  const answer = await app.inject({ url: '/openapi.json', headers: { authorization: `Bearer ${TOKEN}` } });
  await app.close();
  await close();
  await rm(folder, { recursive: true });
  const { paths } = answer.json<{ paths: Record<string, Record<string, { tags: readonly string[] }>> }>();
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.values(methods).map(({ tags }) => ({
        service: tags[0] ?? '',
        path: path.replace(/\{[^}]+\}/g, 'c-1'),
      })),
    )
    .filter(({ service, path }) => path.startsWith('/v1/') && !ONLY_IN_ONE_PROCESS.includes(service));
}

describe('the gateway as it is written', () => {
  test('sends every route to the service that has it', async () => {
    const matchers = matchersIn(await readFile(new URL('./Caddyfile', import.meta.url), 'utf8'));
    expect(routes.length).toBeGreaterThan(20);
    const sentTo = (path: string) =>
      matchers.find(({ pattern }) => pattern.test(path))?.service ?? 'timeline';
    const wrong = routes.filter(({ service, path }) => sentTo(path) !== service);
    expect(wrong.map((route) => ({ ...route, sentTo: sentTo(route.path) }))).toEqual([]);
  });
});

function matchersIn(text: string): readonly { readonly service: string; readonly pattern: RegExp }[] {
  return [...text.matchAll(/^\t+@(\w+) path_regexp (\S+)$/gm)].map(([, service = '', pattern = '']) => ({
    service,
    pattern: new RegExp(pattern),
  }));
}

const caddy = await findTool('caddy', [['caddy']], ['version']);

describe.skipIf(caddy === undefined)('a running gateway', () => {
  let gateway: RunningGateway;

  beforeAll(async () => {
    gateway = await RunningGateway.start();
  }, MAX_START_MS);

  afterAll(() => gateway.close());

  test('sends every route to the service that has it', async () => {
    const answered = [];
    for (const { path } of routes) answered.push({ service: await gateway.serviceAt(path), path });
    expect(answered).toEqual(routes);
  });

  test('sends what operators ask of the relay to it', async () => {
    expect(await gateway.serviceAt('/v1/relay/republications')).toBe('relay');
  });

  test('shows measures to nobody', async () => {
    expect((await gateway.fetch('/metrics')).status).toBe(404);
  });

  test('is alive under any name, and answers nothing else under a foreign one', async () => {
    const foreign = { headers: { host: 'attacker.example' } };
    expect((await gateway.fetch('/health/live', foreign)).status).toBe(200);
    expect((await gateway.fetch('/v1/customers', foreign)).status).toBe(421);
  });

  test('hands on the name it was asked under, by which services tell their own pages from others', async () => {
    const answer = await gateway.fetch('/v1/customers');
    expect(await answer.json()).toMatchObject({ host: gateway.host });
  });

  test('answers as services do when one of them is away', async () => {
    await gateway.stopService('replay');
    const answer = await gateway.fetch('/v1/readmodels');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ type: 'urn:touchline:problem:unavailable', status: 503 });
  });
});
