import { memoryOf } from '../bench/measure/memory.ts';

/** Memory of a process in MiB. Only Linux tells; elsewhere 0, so that a difference is none. */
export function residentMebibytes(pid: number): number {
  return process.platform === 'linux' ? memoryOf(pid).resident : 0;
}
