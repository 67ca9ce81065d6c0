import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const INSTALL = 'touchline: installing dependencies with npm ci';
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'touchline-prepare-'));
  mkdirSync(join(project, 'infra'));
  cpSync(import.meta.dirname, join(project, 'infra/toolchain'), { recursive: true });
  mkdirSync(join(project, 'part'));
  writeJson('part/package.json', { name: 'part', version: '1.0.0' });
  writeProject({ node: '>=20' });
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

test('installs into a clean folder once, then has nothing to do', async () => {
  const first = await prepare();
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`${INSTALL} (nothing is installed)`),
  });
  expect(existsSync(join(project, 'node_modules/part'))).toBe(true);
  utimesSync(join(project, 'package-lock.json'), new Date(), new Date());
  expect(await prepare()).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('installs again when the lock file asks for something that is not there', async () => {
  await prepare();
  mkdirSync(join(project, 'other'));
  writeJson('other/package.json', { name: 'other', version: '1.0.0' });
  writeProject({ node: '>=20' }, ['part', 'other']);
  const again = await prepare();
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(`${INSTALL} (other is missing)`) });
});

test('two started at once install once', async () => {
  const both = await Promise.all([prepare(), prepare()]);
  expect(both.map((run) => run.code)).toEqual([0, 0]);
  expect(both.filter((run) => run.stdout.includes(INSTALL))).toHaveLength(1);
});

test("says which Node is needed when neither the machine's nor an installed one will do", async () => {
  writeProject({ node: '>=99' });
  const run = await prepare();
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('Node 99 or newer is needed');
  expect(run.stderr).toContain(`${process.platform}-${process.arch}`);
});

test("shows npm's own error when the install fails", async () => {
  mkdirSync(join(project, 'other'));
  writeJson('other/package.json', { name: 'other', version: '1.0.0' });
  writeJson('package.json', { name: 'project', workspaces: ['part', 'other'], engines: { node: '>=20' } });
  const run = await prepare();
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('npm error');
});

function writeProject(engines: { node: string }, workspaces: readonly string[] = ['part']): void {
  const root = { name: 'project', version: '1.0.0', workspaces };
  const links = workspaces.flatMap((name) => [
    [`node_modules/${name}`, { resolved: name, link: true }],
    [name, { version: '1.0.0' }],
  ]);
  writeJson('package.json', { ...root, engines });
  writeJson('package-lock.json', {
    ...root,
    lockfileVersion: 3,
    requires: true,
    packages: { '': { ...root, engines }, ...Object.fromEntries(links) },
  });
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(join(project, path), JSON.stringify(value));
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As npm runs it, but without what this run's own npm put into the environment. */
function prepare(): Promise<Run> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  const child = spawn(process.execPath, ['infra/toolchain/prepare.mjs'], { cwd: project, env });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, ...output })));
}
