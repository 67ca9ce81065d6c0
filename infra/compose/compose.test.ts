import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deployableServices, isKnownSetting, PINNED_IMAGE, ROOT, read } from '../testing/house.ts';
import { findTool } from '../testing/tool.ts';

const run = promisify(execFile);

interface Container {
  readonly profiles: readonly string[];
  readonly image: string;
  readonly command?: readonly string[];
  readonly build?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: readonly string[] | Readonly<Record<string, { readonly condition: string }>>;
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly healthcheck?: object;
  readonly security_opt?: readonly string[];
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: object;
  readonly secrets: Readonly<Record<string, { readonly environment: string }>>;
};
const containers = Object.entries(compose.services);
const ours = containers.filter(([, { build }]) => build !== undefined);
const settings = containers.flatMap(([name, { environment = {} }]) =>
  Object.entries(environment).map(([variable, value]) => ({ name, variable, value: String(value) })),
);
const called = (name: string): Container => {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no ${name}`);
  return found;
};

describe('docker-compose.yml and the code', () => {
  test('have the same services', () => {
    expect(ours.map(([name]) => name).sort()).toEqual([...deployableServices()].sort());
    expect(ours.filter(([name, { command }]) => command?.join() !== name)).toEqual([]);
  });

  test('know the same settings', () => {
    const touchline = settings.filter(({ variable }) => variable.startsWith('TOUCHLINE_'));
    expect(touchline.length).toBeGreaterThan(20);
    expect(touchline.filter(({ variable }) => !isKnownSetting(variable))).toEqual([]);
  });

  test('have the same version', () => {
    const { version } = JSON.parse(read('package.json'));
    expect(ours.filter(([, { image }]) => image !== `touchline:${version}`)).toEqual([]);
  });

  test('agree on the port, in the image, at the gateway and for Prometheus', () => {
    const port = /TOUCHLINE_PORT=(\d+)/.exec(read('infra/image/Dockerfile'))?.[1];
    const addresses = ours.map(([name]) => `${name}:${port}`).sort();
    const upstreams = [...read('infra/gateway/Caddyfile').matchAll(/import service \{\$\w+:(\S+)\}/g)];
    expect(upstreams.map(([, address]) => address).sort()).toEqual(addresses);
    const { scrape_configs: jobs } = parse(read('infra/prometheus/prometheus.yml'));
    expect([...jobs[0].static_configs[0].targets].sort()).toEqual(addresses);
    const timelines = settings.filter(({ variable }) => variable === 'TOUCHLINE_TIMELINE_URL');
    expect(new Set(timelines.map(({ value }) => value))).toEqual(new Set([`http://timeline:${port}`]));
  });
});

describe('what watches', () => {
  const mountsOf = (name: string) => called(name).volumes?.map((one) => one.split(':')[1]);

  test('Prometheus finds its rules, and the token it needs', () => {
    const config = parse(read('infra/prometheus/prometheus.yml'));
    expect(mountsOf('prometheus')).toContain(`/etc/prometheus/${config.rule_files[0]}`);
    const [, secret = ''] = config.scrape_configs[0].authorization.credentials_file.split('/run/secrets/');
    expect(called('prometheus').secrets).toContain(secret);
    expect(compose.secrets[secret]).toEqual({ environment: 'TOUCHLINE_ADMIN_TOKEN' });
  });

  test('Grafana finds Prometheus, and our dashboard', () => {
    const provisioning = 'infra/grafana/provisioning';
    const [source] = parse(read(`${provisioning}/datasources/prometheus.yaml`)).datasources;
    const { hostname, port } = new URL(source.url);
    expect(called(hostname).ports?.map((one) => one.split(':').at(-1))).toEqual([port]);
    expect(called(hostname).networks.filter((one) => called('grafana').networks.includes(one))).not.toEqual(
      [],
    );
    const [provider] = parse(read(`${provisioning}/dashboards/touchline.yaml`)).providers;
    expect(mountsOf('grafana')).toContain(`${provider.options.path}/touchline.json`);
  });
});

describe('what is composed', () => {
  test('is pinned', () => {
    expect(containers.filter(([, { image }]) => !PINNED_IMAGE.test(image))).toEqual([]);
  });

  test('can be reached from this machine alone', () => {
    const published = containers.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(5);
    expect(published.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  test('has no secret written in it', () => {
    const secret = settings.filter(({ variable }) => /TOKEN$|_KEY$|PASSWORD/.test(variable));
    expect(secret.length).toBeGreaterThan(10);
    const written = secret.filter(
      ({ value }) => !/^\$\{\w+(?::\?[^}]+)?\}$|^\/run\/secrets\/[\w-]+$/.test(value),
    );
    expect(written).toEqual([]);
    expect(text.match(/:\/\/[^/\s:]+:[^$\s][^@\s]*@/g)).toBeNull();
  });

  test('gains no privilege', () => {
    const may = containers.filter(
      ([, { security_opt }]) => security_opt?.includes('no-new-privileges:true') !== true,
    );
    expect(may).toEqual([]);
  });

  test('waits only for what is there in the same profiles, and healthy where that can be asked', () => {
    for (const [name, { profiles, depends_on = {} }] of containers) {
      const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      for (const other of needed)
        expect([name, called(other).profiles]).toEqual([name, expect.arrayContaining([...profiles])]);
      for (const [other, { condition }] of Array.isArray(depends_on) ? [] : Object.entries(depends_on)) {
        if (condition === 'service_healthy')
          expect([other, called(other).healthcheck]).not.toEqual([other, undefined]);
      }
    }
  });

  test('shares a network with whatever its settings name', () => {
    const named = settings
      .filter(({ variable, value }) => variable.startsWith('TOUCHLINE_') && value.includes('://'))
      .map(({ name, value }) => ({ name, host: /(?:\/\/|@)([a-z-]+):\d+/.exec(value)?.[1] ?? '' }));
    expect(named.length).toBeGreaterThan(10);
    const apart = named.filter(
      ({ name, host }) => !called(host).networks.some((network) => called(name).networks.includes(network)),
    );
    expect(apart).toEqual([]);
  });

  test('keeps keys in a server that shares no volume and no network with the log or the read models', () => {
    const { volumes = [], networks } = called('key-store');
    for (const other of ['event-store', 'postgres']) {
      expect(called(other).volumes?.filter((volume) => volumes.includes(volume))).toEqual([]);
      expect(called(other).networks.filter((network) => networks.includes(network))).toEqual([]);
    }
  });

  test('mounts what is there', () => {
    const mounts = containers.flatMap(([, { volumes = [] }]) =>
      volumes.map((one) => one.split(':')[0] ?? ''),
    );
    const missing = mounts.filter((one) =>
      one.startsWith('./') ? !existsSync(join(ROOT, one)) : !Object.keys(compose.volumes).includes(one),
    );
    expect(missing).toEqual([]);
  });
});

describe('with the secrets that are made for it', () => {
  const script = join(ROOT, 'infra/compose/make-secrets.mjs');
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-compose-'));
    file = join(folder, 'env');
    await run(process.execPath, [script, file]);
  });

  afterAll(() => rm(folder, { recursive: true }));

  test('nothing is wanting, and nobody else can read them', async () => {
    const made = [...(await readFile(file, 'utf8')).matchAll(/^(\w+)=([0-9a-f]{48,64})$/gm)];
    const names = made.map(([, name]) => name);
    const wanted = [...text.matchAll(/\$\{(\w+)(?::\?[^}]+)?\}/g)].map(([, name]) => name);
    const mounted = Object.values(compose.secrets).map(({ environment }) => environment);
    expect(new Set(names)).toEqual(new Set([...wanted, ...mounted]));
    expect(new Set(made.map(([, , value]) => value)).size).toBe(names.length);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('those that are there already are kept', async () => {
    const before = await readFile(file, 'utf8');
    const again = run(process.execPath, [script, file]);
    await expect(again).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was changed'),
    });
    expect(await readFile(file, 'utf8')).toBe(before);
  });
});

const docker = await findTool('compose', [['docker', 'compose'], ['docker-compose']], ['version']);

describe.skipIf(docker === undefined)('Compose itself', () => {
  const ask = (profile: string, environment: Readonly<Record<string, string>>) => {
    const file = ['--env-file', '/dev/null', '--file', join(ROOT, 'docker-compose.yml')];
    return docker?.run([...file, '--profile', profile, 'config', '--services'], { environment });
  };

  test.each(['engines', 'everything'])('takes the file with the profile %s', async (profile) => {
    const wanted = [...text.matchAll(/\$\{(\w+)(?::\?[^}]+)?\}/g)].map(([, name]) => [name, 'f'.repeat(64)]);
    const answer = await ask(profile, Object.fromEntries(wanted));
    const expected = containers
      .filter(([, { profiles }]) => profiles.includes(profile))
      .map(([name]) => name);
    expect(answer).toEqual({ code: 0, output: expect.any(String) });
    expect(answer?.output.trim().split('\n').sort()).toEqual(expected.sort());
  });

  test('starts nothing without secrets, and says what to do', async () => {
    const answer = await ask('engines', {});
    expect(answer?.code).not.toBe(0);
    expect(answer?.output).toContain('run "node infra/compose/make-secrets.mjs" first');
  });
});
