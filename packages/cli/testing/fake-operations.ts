import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Ended, runTouchline } from './run-touchline.ts';

export const TOKEN = 'a-token-for-tests';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

type Answer = readonly [status: number, body: object] | 'disconnect';

/** The operations API as a script: what a path answers, one after the other; the last answer stays. */
export class FakeOperations {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, Answer[]>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(): Promise<FakeOperations> {
    const fake = new FakeOperations();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** `route` is a method and a path without its query. */
  answers(route: string, ...answers: Answer[]): void {
    this.#answers.set(route, answers);
  }

  run(...args: readonly string[]): Promise<Ended> {
    return runTouchline(args, this.environment);
  }

  get environment(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      TOUCHLINE_URL: `http://127.0.0.1:${port}`,
      TOUCHLINE_TOKEN: TOKEN,
      TOUCHLINE_DATA: '/nonexistent',
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const { method = '', url = '' } = request;
    this.asked.push({ method, path: url, body: text === '' ? undefined : JSON.parse(text) });
    const answers = this.#answers.get(`${method} ${url.replace(/\?.*/, '')}`) ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? [404, { title: 'nothing there' }];
    if (answer === 'disconnect') {
      response.destroy();
      return;
    }
    const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`;
    response.statusCode = isAllowed ? answer[0] : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer[1]));
  }
}
