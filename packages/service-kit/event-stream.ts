import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertAcceptable } from './media-types.ts';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 2_000;

export interface ServerSentEvent {
  /** Comes back as `Last-Event-ID` when the client reconnects. */
  readonly id?: string;
  readonly event?: string;
  /** A string as it is, anything else as JSON. */
  readonly data: unknown;
}

/** A source, or a function that makes one and may use the signal, which aborts when the stream ends. */
export type EventSource =
  | AsyncIterable<ServerSentEvent>
  | ((signal: AbortSignal) => AsyncIterable<ServerSentEvent>);

/**
 * Answers server-sent events until the source ends, the client goes, or the server shuts down. Whose token does not
 * count any more gets no further event, and the stream ends with the next heartbeat at the latest. Nothing is read from
 * the source while the client is not keeping up. A source that waits should watch the signal, or it is only left
 * when its next event comes.
 */
export function streamEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  source: EventSource,
  options: { heartbeatMs?: number } = {},
): FastifyReply {
  assertAcceptable(request, ['text/event-stream']);
  reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no');
  if (request.method === 'HEAD') return reply.send();
  const signal = endOf(request, reply);
  const events = typeof source === 'function' ? source(signal) : source;
  const isAdmitted = () => request.server.admits(request.principal);
  const heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  // A byte stream is filled one piece at a time up to its mark; then the generator stands still until there is room.
  return reply.send(
    Readable.from(frames(events, signal, { heartbeatMs, isAdmitted }), {
      objectMode: false,
      highWaterMark: 16_384,
    }),
  );
}

/** Aborts when the client goes or the server shuts down, and leaves nothing behind at the server's own signal. */
function endOf({ server }: FastifyRequest, reply: FastifyReply): AbortSignal {
  const ended = new AbortController();
  const end = () => ended.abort();
  server.shutdown.addEventListener('abort', end, { once: true });
  reply.raw.once('close', () => {
    server.shutdown.removeEventListener('abort', end);
    end();
  });
  if (server.shutdown.aborted) end();
  return ended.signal;
}

async function* frames(
  source: AsyncIterable<ServerSentEvent>,
  signal: AbortSignal,
  { heartbeatMs, isAdmitted }: { heartbeatMs: number; isAdmitted: () => boolean },
): AsyncGenerator<string> {
  yield `retry: ${RECONNECT_MS}\n\n`;
  const iterator = source[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    while (!signal.aborted) {
      const step = await firstOf(next, signal, heartbeatMs);
      if (step === 'end' || !isAdmitted()) return;
      if (step === 'heartbeat') yield ':\n\n';
      else if (step.done === true) return;
      else {
        yield frame(step.value);
        next = iterator.next();
      }
    }
  } finally {
    // Not awaited: a source that never looks at the signal would keep the answer open.
    iterator.return?.().catch(() => {});
  }
}

type Step = IteratorResult<ServerSentEvent> | 'heartbeat' | 'end';

function firstOf(next: Promise<Step>, signal: AbortSignal, heartbeatMs: number): Promise<Step> {
  return new Promise((resolve, reject) => {
    const stopWaiting = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      stopWaiting();
      resolve('end');
    };
    const timer = setTimeout(() => {
      stopWaiting();
      resolve('heartbeat');
    }, heartbeatMs);
    signal.addEventListener('abort', onAbort, { once: true });
    next.finally(stopWaiting).then(resolve, reject);
  });
}

function frame({ id, event, data }: ServerSentEvent): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${id === undefined ? '' : `id: ${oneLine(id)}\n`}${event === undefined ? '' : `event: ${oneLine(event)}\n`}${lines.join('')}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, ' ');
}
