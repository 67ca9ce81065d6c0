import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { EventStore } from '../event-store.ts';
import type { Opener } from './harness.ts';

/** What can be asked of the log from afar. */
export type RemoteMethod = 'append' | 'appendMany' | 'readStream' | 'readAll' | 'head';

export interface RemoteCall {
  readonly call: number;
  readonly method: RemoteMethod;
  readonly args: readonly unknown[];
}

export interface RemoteAnswer {
  readonly call: number;
  readonly answer?: unknown;
  readonly error?: string;
}

/** The first answer of all says that the log is open. */
export const OPENED = 0;

/** A process of its own that has the same log open. */
export class OtherProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = OPENED;

  static async start({ module, argument }: Opener): Promise<OtherProcess> {
    const main = new URL('./other-process-main.ts', import.meta.url);
    const child = fork(main, [module.href, argument], { serialization: 'advanced', execArgv: [] });
    const other = new OtherProcess(child);
    await other.#answer(OPENED);
    return other;
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: RemoteAnswer) => this.#hear(answer));
    child.on('exit', (code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the other process ended with ${code}`));
    });
  }

  /** As the method of the same name, without signals. */
  async call<Method extends RemoteMethod>(
    method: Method,
    ...args: Parameters<EventStore[Method]>
  ): Promise<Awaited<ReturnType<EventStore[Method]>>> {
    this.#calls += 1;
    const answer = this.#answer(this.#calls);
    this.#child.send({ call: this.#calls, method, args } satisfies RemoteCall);
    return (await answer) as Awaited<ReturnType<EventStore[Method]>>;
  }

  /** Lets it close its log and end. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }

  #answer(call: number): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(call, waiting);
    return waiting.promise;
  }

  #hear({ call, answer, error }: RemoteAnswer): void {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(error));
  }
}
