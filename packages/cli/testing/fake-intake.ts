import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalogue } from '@touchline/touchpoints';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
export const TOKEN = 'a-token-for-tests';

/** What the next request gets instead of an answer. */
export type Mishap =
  | { readonly status: number; readonly retryAfterSeconds?: number; readonly detail?: string }
  | { readonly kind: 'disconnect' };

/**
 * The front door of a Touchline as its contract describes it, on a real socket, keeping what it accepts in memory.
 * Can be told to fail.
 */
export class FakeIntake {
  /** Accepted events by source and id, as text. */
  readonly events = new Map<string, string>();
  /** Bytes of each request that was answered. */
  readonly requests: number[] = [];
  readonly mishaps: Mishap[] = [];
  /** Requests with a larger body are answered 413. */
  maxBodyBytes = Number.POSITIVE_INFINITY;
  /** Awaited before each answer. */
  beforeAnswer: () => Promise<void> | void = () => {};
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(port = 0): Promise<FakeIntake> {
    const intake = new FakeIntake();
    await new Promise<void>((resolve) => intake.#server.listen(port, '127.0.0.1', resolve));
    intake.#port = (intake.#server.address() as AddressInfo).port;
    return intake;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/health/live') {
      response.end();
      return;
    }
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const mishap = this.mishaps.shift();
    if (mishap !== undefined) return fail(mishap, response);
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return fail({ status: 401, detail: 'A token is needed.' }, response);
    if (body.length > this.maxBodyBytes) return fail({ status: 413 }, response);
    await this.beforeAnswer();
    this.requests.push(body.length);
    const isTrial = request.url === '/v1/events?validate=only';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(this.#record(body.toString(), isTrial)));
  }

  #record(ndjson: string, isTrial: boolean) {
    const summary = {
      accepted: 0,
      duplicates: 0,
      rejected: 0,
      position: null as string | null,
      rejections: [] as unknown[],
    };
    for (const [index, line] of ndjson.trimEnd().split('\n').entries()) {
      const rejection = this.#take(line, isTrial);
      if (rejection === 'accepted') summary.accepted += 1;
      else if (rejection === 'duplicate') summary.duplicates += 1;
      else {
        summary.rejected += 1;
        summary.rejections.push({ index, ...rejection });
      }
    }
    if (!isTrial) summary.position = String(this.events.size);
    return summary;
  }

  #take(line: string, isTrial: boolean): 'accepted' | 'duplicate' | { code: string; detail: string } {
    const event = parse(line);
    if (event === undefined) return { code: 'invalid-json', detail: 'Line 1: is not JSON.' };
    const result = catalogue.parse(event, { now: NOW_MS });
    if (!result.ok) return { code: result.code, detail: 'Line 1: wrong.', ...{ errors: result.errors } };
    const key = JSON.stringify([result.touchpoint.source, result.touchpoint.id]);
    const known = this.events.get(key);
    if (known === undefined && !isTrial) this.events.set(key, line);
    if (known === undefined) return 'accepted';
    return known === line ? 'duplicate' : { code: 'event-id-reused', detail: 'Recorded with other content.' };
  }
}

function fail(mishap: Mishap, response: ServerResponse): void {
  if ('kind' in mishap) {
    response.destroy();
    return;
  }
  response.statusCode = mishap.status;
  if (mishap.retryAfterSeconds !== undefined) response.setHeader('retry-after', mishap.retryAfterSeconds);
  response.setHeader('content-type', 'application/problem+json');
  response.end(JSON.stringify({ status: mishap.status, detail: mishap.detail }));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
