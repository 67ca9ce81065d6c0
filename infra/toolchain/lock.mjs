import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const POLL_MS = 200;
const MAX_WAIT_MS = 10 * 60_000;

/**
 * Runs `work` while no other process of this machine does so under the same lock file. The file names its holder;
 * that of a process that died is taken over.
 */
export function withLock(path, work, { onWait, onTimeout }) {
  acquire(path, { onWait, onTimeout });
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

function acquire(path, { onWait, onTimeout }) {
  const deadline = Date.now() + MAX_WAIT_MS;
  let hasWaited = false;
  while (!tryCreate(path)) {
    const holder = readHolder(path);
    if (holder === undefined) continue;
    if (!isAlive(holder)) {
      discard(path, holder);
      continue;
    }
    if (!hasWaited) onWait(holder);
    hasWaited = true;
    if (Date.now() > deadline) onTimeout(holder);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** By a hard link, so that the file never exists without its content. */
function tryCreate(path) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves the file aside before looking at it once more: another process may just have replaced it by its own. */
function discard(path, holder) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    if (readHolder(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(path) {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
