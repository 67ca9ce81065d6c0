import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A baseline in a process of its own: prints one JSON line when ready, another when done. */
export class Child {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(module: URL, args: readonly string[] = [], flags: readonly string[] = []) {
    this.#child = spawn(process.execPath, [...flags, module.pathname, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#lines = linesOf(this.#child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async next<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the child process ended without an answer');
    return JSON.parse(value) as T;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }
}

async function* linesOf(child: ChildProcess): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}

/** For the child's side. */
export function say(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
