import { readFileSync } from 'node:fs';

/** Memory of a process in MiB: `peak` is the highest it ever was, `anonymous` leaves out mapped files. Linux only. */
export interface Memory {
  readonly peak: number;
  readonly resident: number;
  readonly anonymous: number;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mebibytes = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024);
  return { peak: mebibytes('VmHWM'), resident: mebibytes('VmRSS'), anonymous: mebibytes('RssAnon') };
}

/** Highest anonymous memory seen while `work` runs. */
export async function peakAnonymous(pid: number, work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid).anonymous);
  }, 100);
  try {
    await work();
    return Math.max(peak, memoryOf(pid).anonymous);
  } finally {
    clearInterval(timer);
  }
}
