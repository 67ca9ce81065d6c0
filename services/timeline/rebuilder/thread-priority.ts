import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Lets every other thread of the machine go first from now on: this one and those it starts take what others leave, so that
 * answers do not wait for work that may take longer. On Linux, where each thread has a priority of its own; elsewhere, and where it is
 * forbidden, nothing changes. Answers whether it did.
 */
export function letOthersGoFirst(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
    return true;
  } catch {
    return false;
  }
}
