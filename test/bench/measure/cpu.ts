import { readFileSync } from 'node:fs';

const TICK_MICROSECONDS = 10_000;
/** Places of utime and stime after the command's name; see proc_pid_stat(5). */
const USER = 11;
const SYSTEM = 12;

/** Microseconds of CPU a process has used so far, all threads together. Linux only. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MICROSECONDS;
}
