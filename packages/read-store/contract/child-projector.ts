import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Harness } from './harness.ts';

const SCRIPT = new URL('./projecting-child.ts', import.meta.url);

/** A projector in a process of its own, over the same letters every time. */
export class ChildProjector {
  readonly #process: ChildProcess;
  readonly ended: Promise<void>;
  /** Position of the last step it told of. */
  told = -1;
  #waiting: (() => void)[] = [];
  #errors = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.told = Number(line);
        for (const look of this.#waiting) look();
      });
    child.stderr?.on('data', (data) => {
      this.#errors += data;
    });
  }

  static start({ module, place }: Harness, work: { events: number; stepEvents: number }): ChildProjector {
    const child = spawn(
      process.execPath,
      [SCRIPT.pathname, module.href, place, String(work.events), String(work.stepEvents)],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    return new ChildProjector(child);
  }

  /** Resolves when it is up and waits for `go`. */
  async ready(): Promise<void> {
    await this.reached(0);
  }

  go(): void {
    this.#process.stdin?.end();
  }

  /** Resolves when it has told of `position`, or has ended. */
  async reached(position: number): Promise<void> {
    const isThere = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.told >= position) resolve();
      };
      this.#waiting.push(look);
      look();
    });
    await Promise.race([isThere, this.ended]);
    this.#waiting = [];
    if (this.#errors !== '') throw new Error(this.#errors);
  }

  /** As the operating system does it: nothing is closed, nothing is said. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** `null` when it was killed. */
  get exitCode(): number | null {
    return this.#process.exitCode;
  }
}
