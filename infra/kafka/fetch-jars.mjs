// Fetches the jars that pom.xml names into a folder of the user's cache, once for all checkouts, and prints that folder.
// A process of its own: Maven takes a minute the first time, and the lock waits without letting anything else run.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { withLock } from '../toolchain/lock.mjs';

const MAX_FETCH_MS = 10 * 60_000;
const pom = join(import.meta.dirname, 'pom.xml');

/** Named after what pom.xml says, so that another version gets another folder. */
function jarsFolder() {
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'touchline', `kafka-${version}`);
}

/** The folder appears complete or not at all. */
function fetchInto(folder) {
  if (existsSync(folder)) return;
  const draft = `${folder}.${process.pid}`;
  say('fetching Apache Kafka with Maven; the first time this takes a minute');
  try {
    copyJars(draft);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function copyJars(outputFolder) {
  const goal = [
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${outputFolder}`,
  ];
  const { error, status, stdout } = spawnSync('mvn', ['-B', '-q', '-f', pom, ...goal], {
    encoding: 'utf8',
    timeout: MAX_FETCH_MS,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (error?.code === 'ENOENT') throw new Error('it takes Maven, and there is no mvn on the PATH');
  if (error) throw error;
  if (status !== 0) throw new Error(firstComplaint(stdout));
}

function firstComplaint(stdout) {
  return stdout.split('\n').find((line) => line.startsWith('[ERROR]')) ?? 'Maven does not say why';
}

function say(line) {
  process.stderr.write(`touchline: ${line}\n`);
}

function giveUp(reason) {
  say(`Apache Kafka could not be fetched: ${reason}`);
  process.exit(1);
}

try {
  const folder = jarsFolder();
  mkdirSync(dirname(folder), { recursive: true });
  withLock(`${folder}.lock`, () => fetchInto(folder), {
    onWait: (holder) => say(`process ${holder} is fetching Apache Kafka, waiting for it`),
    onTimeout: (holder) => giveUp(`process ${holder} has been at it for too long`),
  });
  process.stdout.write(`${folder}\n`);
} catch (failure) {
  giveUp(failure.message);
}
