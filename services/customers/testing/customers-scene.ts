import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { RecordedTouchpoint } from '@touchline/journal';
import { type App, adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { customers } from '../customers-service.ts';
import { KnownCustomers } from './known-customers.ts';

const TOKEN = 'test-token-0123456789';

/** The service on a real log, with a directory that knows what the test tells it. */
export class CustomersScene {
  static readonly now = Date.parse('2026-11-22T09:00:00Z');
  /** What the clock shows. */
  now = CustomersScene.now;
  /** How far the directory is. */
  position = 0n;
  readonly directory = new KnownCustomers();
  readonly backing: Backing;
  readonly #folder: string;
  #app: App | undefined;

  private constructor(folder: string, backing: Backing) {
    this.#folder = folder;
    this.backing = backing;
  }

  static async open(): Promise<CustomersScene> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-customers-'));
    const scene = new CustomersScene(folder, await openBacking({ dataFolder: folder }));
    scene.#app = await createServer({
      services: [{ service: customers, backing: scene.#serviceBacking() }],
      access: adminTokens(TOKEN),
      logger: createLogger({ level: 'silent' }),
      config: { host: '127.0.0.1', port: 0 },
      checkAnswers: true,
    });
    return scene;
  }

  post(path: string, payload: object, headers: Record<string, string> = {}) {
    if (this.#app === undefined) throw new Error('the scene is not open');
    const authorization = `Bearer ${TOKEN}`;
    return this.#app.inject({
      method: 'POST',
      url: `/v1/${path}`,
      headers: { authorization, ...headers },
      payload,
    });
  }

  async recordedAs(eventid: string): Promise<RecordedTouchpoint | undefined> {
    const all = await this.backing.journal.read();
    return all.find((recorded) => recorded.eventid === eventid);
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.backing.close();
    await rm(this.#folder, { recursive: true });
  }

  #serviceBacking() {
    const { journal, catalogue } = this.backing;
    return {
      journal,
      catalogue,
      directory: this.directory,
      positions: {
        current: () => this.position,
        reached: (_: bigint, signal: AbortSignal) => untilAborted(signal),
      },
      clock: { now: () => this.now },
      defaultRegion: 'CN',
    };
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
}
