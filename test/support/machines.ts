import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnSchema, type PostgresForTests } from './postgres.ts';
import { TouchlineProcess } from './touchline-process.ts';

type Settings = Readonly<Record<string, string>>;

/**
 * What several machines share: keys, tokens and read models on PostgreSQL, and the log, which stands for one on a server, in a
 * folder of its own. All else of a machine is lost with it.
 */
export class Machines {
  readonly own: OwnSchema;
  readonly #folder: string;
  readonly #settings: Settings;
  readonly #running = new Set<Machine>();

  private constructor(folder: string, own: OwnSchema, settings: Settings) {
    this.#folder = folder;
    this.own = own;
    this.#settings = {
      TOUCHLINE_EVENT_STORE: `sqlite:${join(folder, 'log')}`,
      TOUCHLINE_KEY_STORE: own.url(),
      TOUCHLINE_READ_STORE: own.url(),
      TOUCHLINE_TOKEN_STORE: own.url(),
      TOUCHLINE_MASTER_KEY: randomBytes(32).toString('base64'),
      ...settings,
    };
  }

  /** `settings` go to every machine. */
  static async prepare(postgres: PostgresForTests, settings: Settings = {}): Promise<Machines> {
    return new Machines(
      await mkdtemp(join(tmpdir(), 'touchline-shared-')),
      new OwnSchema(postgres),
      settings,
    );
  }

  /** A new machine with nothing on its disk. */
  async start(service: string, settings: Settings = {}): Promise<Machine> {
    const disk = await mkdtemp(join(tmpdir(), 'touchline-machine-'));
    const environment = { ...this.#settings, ...settings };
    // Not there before: whoever needs the folder makes it.
    const dataFolder = join(disk, 'data');
    const process = await TouchlineProcess.start({ service, dataFolder, environment }).catch(
      async (failure: unknown) => {
        await rm(disk, { recursive: true, force: true });
        throw failure;
      },
    );
    const machine = new Machine(process, disk, () => this.#running.delete(machine));
    this.#running.add(machine);
    return machine;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((machine) => machine.lose()));
    await this.own.drop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export class Machine {
  readonly process: TouchlineProcess;
  readonly disk: string;
  readonly #onLost: () => void;

  constructor(process: TouchlineProcess, disk: string, onLost: () => void) {
    this.process = process;
    this.disk = disk;
    this.#onLost = onLost;
  }

  /** Its process is killed and its disk is gone. */
  async lose(): Promise<void> {
    this.#onLost();
    await this.process.kill();
    await rm(this.disk, { recursive: true, force: true });
  }
}
