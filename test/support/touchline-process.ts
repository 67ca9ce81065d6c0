import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = join(import.meta.dirname, '..', '..');
/**
 * As `npm start` gives them: small young generations cost a little time and save a third of the memory, and a heap that may
 * not grow far is collected before it has. Whatever a batch leaves behind dies with it: V8 must not conclude from the first
 * ones that such objects live long, and create them as old ones, which keep all they point to alive until the next full
 * collection.
 */
const FLAGS = [
  `--import=${pathToFileURL(join(ROOT, 'infra', 'toolchain', 'compile-cache.mjs'))}`,
  '--max-semi-space-size=8',
  '--no-allocation-site-pretenuring',
  '--max-old-space-size=512',
];
const MAX_START_MS = 30_000;
const MAX_OUTPUT_CHARACTERS = 200_000;
export const TOKEN = 'a-token-for-tests-0123456789';

export interface ProcessOptions {
  /** `standalone` or the name of one service. */
  readonly service?: string;
  readonly dataFolder: string;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A real Touchline process, started as an operator would. */
export class TouchlineProcess {
  readonly origin: string;
  readonly #child: ChildProcess;
  readonly #output: { text: string };

  private constructor(child: ChildProcess, origin: string, output: { text: string }) {
    this.#child = child;
    this.origin = origin;
    this.#output = output;
  }

  /** Resolves when it listens. Rejects with what it printed when it ends before that. */
  static async start(options: ProcessOptions): Promise<TouchlineProcess> {
    const { child, output } = launch(options);
    const origin = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no sign of life:\n${output.text}`)), MAX_START_MS);
      const look = (): void => {
        const found = /Touchline listens on (\S+)\n/.exec(output.text)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      child.stdout?.on('data', look);
      child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${output.text}`)));
    });
    return new TouchlineProcess(child, origin, output);
  }

  /** Starts a process that is expected to refuse; answers its exit code and what it printed. */
  static async refuse(options: ProcessOptions): Promise<{ code: number | null; output: string }> {
    const { child, output } = launch(options);
    const timer = setTimeout(() => child.kill('SIGKILL'), MAX_START_MS);
    const [code] = (await once(child, 'exit')) as [number | null];
    clearTimeout(timer);
    return { code, output: output.text };
  }

  /** Starts a process and kills it as a crash does, however far it has come by then. */
  static async cutOff(options: ProcessOptions, afterMs: number): Promise<void> {
    const { child } = launch(options);
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    await ended;
    clearTimeout(timer);
  }

  get output(): string {
    return this.#output.text;
  }

  /** `null` while it runs, and when a signal ended it. */
  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${TOKEN}`);
    return fetch(new URL(path, this.origin), { ...init, headers });
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const answer = await this.fetch(path, init);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  post(event: object, init: RequestInit = {}): Promise<Response> {
    return this.fetch('/v1/events', {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
      ...init,
    });
  }

  /** As a crash does: nothing of the process runs any more. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Stands still, as on a machine that is suspended, until it is thawed. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** As an operator does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

function launch(options: ProcessOptions): { child: ChildProcess; output: { text: string } } {
  const { service = 'standalone', dataFolder, port = 0, environment = {} } = options;
  const child = spawn(process.execPath, [...FLAGS, join(ROOT, 'services', service, 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      TOUCHLINE_DATA: dataFolder,
      TOUCHLINE_PORT: String(port),
      TOUCHLINE_ADMIN_TOKEN: TOKEN,
      TOUCHLINE_SAMPLE: 'off',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output.text = (output.text + chunk.toString()).slice(-MAX_OUTPUT_CHARACTERS);
    });
  return { child, output };
}
