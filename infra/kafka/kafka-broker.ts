import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerSettings } from './broker-settings.ts';
import { freePort } from './free-port.ts';
import { guardProcess } from './guard-process.ts';
import { javaCommand, javaMissing, lastLines, runJava } from './java.ts';
import { kafkaJars } from './kafka-jars.ts';

const START_MS = 90_000;
const STOP_MS = 30_000;
/** Of a cluster of one, which never meets another. */
const CLUSTER_ID = 'VG91Y2hsaW5lQnJva2VyMQ';

export interface KafkaBrokerOptions {
  /** Where its data lie and stay. Without it, in a folder of its own that `close` removes. */
  readonly folder?: string;
  /** Without it, a free one. */
  readonly port?: number;
  /** Settings of Kafka beside ours, or in their place. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Arguments for formatting its data, such as `--add-scram`. */
  readonly format?: readonly string[];
}

/** An Apache Kafka broker of its own, that can be stopped, killed, frozen, and started again on the same data and port. */
export class KafkaBroker {
  readonly folder: string;
  readonly port: number;
  readonly #jars: string;
  readonly #isOurs: boolean;
  readonly #options: KafkaBrokerOptions;
  #process: ChildProcess | undefined;
  #guard: ChildProcess | undefined;

  private constructor(folder: string, port: number, jars: string, options: KafkaBrokerOptions) {
    this.folder = folder;
    this.port = port;
    this.#jars = jars;
    this.#options = options;
    this.#isOurs = options.folder === undefined;
  }

  /** Throws with the reason where none can run. */
  static async start(options: KafkaBrokerOptions = {}): Promise<KafkaBroker> {
    const jars = await kafkaJars();
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'touchline-kafka-')));
    const broker = new KafkaBroker(folder, options.port ?? (await freePort()), jars, options);
    try {
      await broker.start();
      return broker;
    } catch (failure) {
      await broker.close();
      throw failure;
    }
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    await this.#format();
    const child = this.#run();
    let said = '';
    const listen = (data: Buffer): void => {
      said = `${said}${data}`.slice(-4_000);
    };
    child.stderr?.on('data', listen);
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`Kafka ${why}: ${lastLines(said)} ${this.#hint}`));
      const timer = setTimeout(() => fail(`was not up after ${START_MS} ms`), START_MS);
      child.once('error', (failure) => reject(javaMissing(failure)));
      child.once('exit', () => fail('did not start'));
      child.stdout?.on('data', (data: Buffer) => {
        listen(data);
        if (said.includes('Kafka Server started')) resolve();
      });
      child.once('exit', () => clearTimeout(timer));
    });
  }

  /** `clean` is what an operator does; `crash` is `kill -9`. Answers when the process is gone. */
  async stop(how: 'clean' | 'crash'): Promise<void> {
    const child = this.#process;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill(how === 'clean' ? 'SIGTERM' : 'SIGKILL');
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(impatience);
    }
    this.#guard?.kill('SIGKILL');
  }

  /** Stands still with its connections open, as a machine does that swaps or was suspended, until `thaw`. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Answers when the process has ended, whoever ended it. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.stop(this.#isOurs ? 'crash' : 'clean');
    if (this.#isOurs) await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  get #settings(): string {
    return join(this.folder, 'server.properties');
  }

  get #hint(): string {
    return `(its log: ${join(this.folder, 'kafka.log')})`;
  }

  async #format(): Promise<void> {
    const data = join(this.folder, 'data');
    await mkdir(data, { recursive: true });
    const { settings: more = {}, format = [] } = this.#options;
    const place = { port: this.port, controllerPort: await freePort(), data, more };
    await writeFile(this.#settings, brokerSettings(place));
    if (existsSync(join(data, 'meta.properties'))) return;
    const args = ['format', '-t', CLUSTER_ID, '-c', this.#settings, ...format];
    await runJava({ jars: this.#jars, main: 'kafka.tools.StorageTool', args, logs: this.folder });
  }

  #run(): ChildProcess {
    const program = { jars: this.#jars, main: 'kafka.Kafka', args: [this.#settings], logs: this.folder };
    const [command, args] = javaCommand(program);
    // A group of its own: Ctrl-C in a terminal reaches us alone, and we stop it in order.
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#process = child;
    this.#guard = guardProcess(child, this.#isOurs ? this.folder : undefined);
    return child;
  }
}
