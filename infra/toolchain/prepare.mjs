// Runs before `npm start`, `npm test` and in CI: installs what is missing, then makes sure that the Node the npm
// scripts will use is new enough. Plain JavaScript, because it is the one file that also runs on older versions.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { installationGap } from './installation.mjs';
import { withLock } from './lock.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const bin = join(root, 'node_modules', '.bin');

/** What keeps the scripts from running, or nothing. */
function gap() {
  return installationGap({
    lock: readJson('package-lock.json'),
    installed: readJson('node_modules/.package-lock.json'),
    hasNode: existsSync(join(bin, process.platform === 'win32' ? 'node.cmd' : 'node')),
    platform: `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
  });
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function install() {
  const reason = gap();
  if (reason === undefined) return;
  say(`installing dependencies with npm ci (${reason})`);
  const started = Date.now();
  // No dependency needs an install script (native ones ship their binaries), so none is run: no compiler is needed.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const result = runNpm(args);
  if (result.status !== 0) fail(`npm ${args.join(' ')} failed\n${complaints(result)}`);
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

function runNpm(args) {
  const options = {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  };
  const script = process.env.npm_execpath;
  // The Node that runs npm, not the one in node_modules: npm is about to delete that one.
  if (script?.endsWith('.js'))
    return spawnSync(process.env.npm_node_execpath ?? process.execPath, [script, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** npm's output without its warnings: older Node versions make it warn of engines that the pinned Node satisfies. */
function complaints({ error, stdout, stderr }) {
  const lines = `${stdout ?? ''}${stderr ?? ''}`
    .split('\n')
    .filter((line) => line && !line.startsWith('npm warn'));
  return error ? error.message : lines.join('\n');
}

function requireNode() {
  const needed = Number(/\d+/.exec(readJson('package.json').engines.node)[0]);
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  const found = spawnSync('node', ['--version'], { env: { ...process.env, PATH: path }, encoding: 'utf8' });
  const version = found.stdout?.trim() || 'none';
  if (Number(/\d+/.exec(version)?.[0] ?? 0) >= needed) return;
  fail(
    `Node ${needed} or newer is needed and this machine's is ${version}. For ${process.platform}-${process.arch} no npm ` +
      `package brings it along: install Node ${needed} (for example "nvm install ${needed}") and run the command again.`,
  );
}

function say(line) {
  process.stdout.write(`touchline: ${line}\n`);
}

function fail(line) {
  process.stderr.write(`touchline: ${line}\n`);
  process.exit(1);
}

if (gap() !== undefined) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  withLock(join(tmpdir(), `touchline-install-${name}.lock`), install, {
    onWait: (holder) => say(`another install is running (process ${holder}), waiting for it`),
    onTimeout: (holder) => fail(`gave up waiting for the install of process ${holder}`),
  });
}
requireNode();
