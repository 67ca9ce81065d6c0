import { type App, adminTokens, createLogger, createServer } from '@touchline/service-kit';
import type { Relay } from '../relay.ts';
import { relay as service } from '../relay-service.ts';

const TOKEN = 'test-token-0123456789';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The routes of a relay, asked without a network. Answers are held against their schemas. */
export class RelayApp {
  readonly #app: App;

  private constructor(app: App) {
    this.#app = app;
  }

  static async open(relay: Relay): Promise<RelayApp> {
    const app = await createServer({
      services: [{ service, backing: { relay, checks: [] } }],
      access: adminTokens(TOKEN),
      logger: createLogger({ level: 'silent' }),
      config: { host: '127.0.0.1', port: 0 },
      checkAnswers: true,
    });
    return new RelayApp(app);
  }

  async ask(method: 'GET' | 'POST', url: string, payload?: object): Promise<Answer> {
    const answer = await this.#app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json() as Answer['body'] };
  }

  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return (await this.#app.inject({ url: '/metrics', headers })).body;
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
