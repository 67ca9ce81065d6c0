import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Backing, openBacking } from '@touchline/backing';
import type { RecordedTouchpoint } from '@touchline/journal';
import type { App } from '@touchline/service-kit';
import { BEARER, EVENT_TYPE, startIntake } from './intake-server.ts';

interface Posted {
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

/** The front door on a real log. */
export class IntakeFixture {
  readonly app: App;
  readonly backing: Backing;
  readonly #folder: string;

  private constructor(app: App, backing: Backing, folder: string) {
    this.app = app;
    this.backing = backing;
    this.#folder = folder;
  }

  static async open(): Promise<IntakeFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-intake-'));
    const backing = await openBacking({ dataFolder: folder });
    return new IntakeFixture(await startIntake(backing.journal), backing, folder);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.backing.close();
    await rm(this.#folder, { recursive: true });
  }

  post(payload: unknown, { type = EVENT_TYPE, headers = {}, query = '' }: Posted = {}) {
    return this.app.inject({
      method: 'POST',
      url: `/v1/events${query}`,
      headers: { ...BEARER, 'content-type': type, ...headers },
      payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
    });
  }

  get(url: string) {
    return this.app.inject({ url, headers: BEARER });
  }

  head(): Promise<bigint> {
    return this.backing.journal.head();
  }

  async recorded(): Promise<readonly RecordedTouchpoint[]> {
    const found: RecordedTouchpoint[] = [];
    for (let after = 0n; ; ) {
      const page = await this.backing.journal.read({ after });
      const last = page.at(-1);
      if (last === undefined) return found;
      found.push(...page);
      after = last.position;
    }
  }

  async recordedFrom(source: string): Promise<readonly RecordedTouchpoint[]> {
    return (await this.recorded()).filter(({ touchpoint }) => touchpoint.source === source);
  }
}
