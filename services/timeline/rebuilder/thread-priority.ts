import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = constants.priority;

/**
 * Lets every other thread of the process go first from now on: this one and those it starts take what others leave, so that
 * answers do not wait for work that may take longer. On Linux, where each thread has a priority of its own; elsewhere, and where it is
 * forbidden, nothing changes.
 */
export function letOthersGoFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(getPriority(thread) + PRIORITY_BELOW_NORMAL, PRIORITY_LOW));
  } catch {}
}
