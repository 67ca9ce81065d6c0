import { type App, adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { timeline } from '../timeline-service.ts';
import type { TimelineFixture } from './timeline-fixture.ts';

const TOKEN = 'test-token-0123456789';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The routes of the service over a fixture, asked without a network. Answers are held against their schemas. */
export class TimelineApp {
  readonly #app: App;

  private constructor(app: App) {
    this.#app = app;
  }

  static async open({ backing, reader }: Pick<TimelineFixture, 'backing' | 'reader'>): Promise<TimelineApp> {
    const { catalogue, journal } = backing;
    const app = await createServer({
      services: [{ service: timeline, backing: { reader, catalogue, journal } }],
      access: adminTokens(TOKEN),
      logger: createLogger({ level: 'silent' }),
      config: { host: '127.0.0.1', port: 0 },
      checkAnswers: true,
    });
    return new TimelineApp(app);
  }

  async ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await this.#app.inject({
      url: path,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    });
    const body = answer.body === '' ? {} : (answer.json() as Answer['body']);
    return { status: answer.statusCode, body, headers: answer.headers };
  }

  /** Every item of a list, page by page. */
  async walk(path: string, query: string): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await this.ask(`${path}?${query}${cursor}`);
      items.push(...(body.items as unknown[]));
      if (body.next === null) return items;
      cursor = `&cursor=${body.next}`;
    }
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
