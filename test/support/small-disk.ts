import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';

/** A file system of a few megabytes of its own, in memory. Mounting one takes privileges. */
export class SmallDisk {
  readonly path: string;

  /** Where nothing can be mounted the test is skipped with the reason, unless `TOUCHLINE_TEST_REQUIRE` names `mount`. */
  static mount(megabytes: number, context: Pick<TestContext, 'skip'>): SmallDisk {
    const path = mkdtempSync(join(tmpdir(), 'touchline-disk-'));
    const failure = run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', path);
    if (failure === undefined) return new SmallDisk(path);
    rmdirSync(path);
    const reason = `a small file system cannot be mounted here: ${failure}`;
    if (process.env.TOUCHLINE_TEST_REQUIRE?.includes('mount')) throw new Error(reason);
    return context.skip(reason);
  }

  private constructor(path: string) {
    this.path = path;
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.path);
    return bavail * bsize;
  }

  grow(megabytes: number): void {
    this.#remount(`size=${megabytes}m`);
  }

  makeReadOnly(): void {
    this.#remount('ro');
  }

  makeWritable(): void {
    this.#remount('rw');
  }

  /** Whatever still uses it keeps it until it ends. */
  unmount(): void {
    run('umount', '--lazy', this.path);
    rmdirSync(this.path);
  }

  #remount(options: string): void {
    const failure = run('mount', '-o', `remount,${options}`, this.path);
    if (failure !== undefined) throw new Error(failure);
  }
}

function run(command: string, ...args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
