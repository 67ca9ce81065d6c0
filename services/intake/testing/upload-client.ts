import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { App } from '@touchline/service-kit';
import { BEARER, LINES_TYPE, listen } from './intake-server.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface Sending {
  readonly request: ClientRequest;
  readonly answer: Promise<Answer>;
}

/** A request over a real socket, whose body the test writes piece by piece. */
export async function send(app: App, options: { type?: string; length?: number } = {}): Promise<Sending> {
  const request = httpRequest({
    port: await listen(app),
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/events',
    headers: {
      ...BEARER,
      'content-type': options.type ?? LINES_TYPE,
      ...(options.length === undefined ? {} : { 'content-length': options.length }),
    },
  });
  const answer = answerTo(request);
  // Some tests do not care about the answer.
  answer.catch(() => {});
  return { request, answer };
}

function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) });
      });
    });
  });
}

/** Writes at the pace of the socket, until all is written or answered. */
export async function write({ request, answer }: Sending, pieces: Iterable<string | Buffer>): Promise<void> {
  let isAnswered = false;
  const answered = answer.then(() => {
    isAnswered = true;
  });
  for (const piece of pieces) {
    if (isAnswered) return;
    if (request.write(piece)) continue;
    await Promise.race([answered, new Promise((resolve) => request.once('drain', resolve))]);
  }
}
