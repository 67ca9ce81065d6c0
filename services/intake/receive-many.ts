import type { Readable } from 'node:stream';
import { POSITION_HEADER, Problem, problemOf, readJson, tellPosition } from '@touchline/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IntakeLimits } from './limits.ts';
import { LineCutter } from './lines.ts';
import type { Summary } from './summary.ts';
import { Upload, UploadInterrupted, type UploadParts } from './upload.ts';

/** The client went away while it was sending; nobody reads the answer any more. */
const CLIENT_CLOSED_REQUEST = 499;

/** One event a line, of any length: read at the pace at which it is recorded. */
export async function receiveLines(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: UploadParts,
): Promise<FastifyReply> {
  const upload = new Upload(parts);
  const lines = new LineCutter(parts.limits.maxTouchpointBytes);
  try {
    const ending = await readAll(request, upload, lines);
    if (ending === 'left') return await leave(request, reply, upload);
    if (ending === 'shutdown') throw await stopped(upload);
    const last = lines.rest();
    if (last !== undefined) upload.takeLine(last);
    return answer(reply, upload, await upload.finish());
  } catch (error) {
    throw error instanceof UploadInterrupted ? interruption(error, 'line') : error;
  }
}

type Ending = 'complete' | 'left' | 'shutdown';

async function readAll(request: FastifyRequest, upload: Upload, lines: LineCutter): Promise<Ending> {
  // When the upload ends early, the body is left as it is: the client may have to finish before it reads the answer.
  const chunks = (request.body as Readable).iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      if (request.server.shutdown.aborted) return 'shutdown';
      const next = await chunks.next().catch(() => 'left' as const);
      if (next === 'left') return 'left';
      if (next.done === true) return 'complete';
      for (const line of lines.cut(next.value as Buffer)) {
        upload.takeLine(line);
        if (upload.isGroupFull) await upload.handOver();
      }
    }
  } finally {
    await chunks.return?.();
  }
}

/** What was handed over stays recorded; nobody is there any more to hear of it. */
async function leave(request: FastifyRequest, reply: FastifyReply, upload: Upload): Promise<FastifyReply> {
  reply.code(CLIENT_CLOSED_REQUEST).hijack();
  reply.raw.destroy();
  try {
    const { doneBefore } = await upload.stop();
    request.log.info({ lines: doneBefore }, 'client left during an upload');
  } catch (err) {
    request.log.warn({ err }, 'client left during an upload that failed');
  }
  return reply;
}

async function stopped(upload: Upload): Promise<UploadInterrupted> {
  const { doneBefore, summary } = await upload.stop();
  return new UploadInterrupted(
    doneBefore,
    summary,
    new Problem('shutting-down', { headers: { 'retry-after': '5' } }),
  );
}

/** An array of events, each standing on its own. */
export async function receiveBatch(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: UploadParts,
): Promise<FastifyReply> {
  const body = request.body as Buffer;
  const items = itemsIn(body, parts.limits);
  const upload = new Upload(parts);
  const maySomeBeTooLarge = body.length > parts.limits.maxTouchpointBytes;
  try {
    for (const [index, event] of items.entries()) {
      const bytes = maySomeBeTooLarge ? sizeOf(event) : 0;
      upload.takeItem({ event, index, bytes });
      if (upload.isGroupFull) await upload.handOver();
    }
    return answer(reply, upload, await upload.finish());
  } catch (error) {
    throw error instanceof UploadInterrupted ? interruption(error, 'item') : error;
  }
}

function itemsIn(body: Buffer, { maxBatchItems }: IntakeLimits): readonly unknown[] {
  const read = readJson(body);
  if (!read.ok) throw new Problem(read.code, { detail: read.detail });
  if (!Array.isArray(read.value)) {
    throw new Problem('invalid-request', {
      errors: [{ pointer: '', detail: 'must be a JSON array of events' }],
    });
  }
  if (read.value.length <= maxBatchItems) return read.value;
  const detail = `A batch holds at most ${maxBatchItems} events; application/x-ndjson has no such limit.`;
  throw new Problem('body-too-large', { detail });
}

/** Of an item of a batch, as it would be on its own. What is nested too deep to be measured is refused for that. */
function sizeOf(event: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(event));
  } catch {
    return 0;
  }
}

function answer(reply: FastifyReply, upload: Upload, summary: Summary): FastifyReply {
  if (upload.position !== undefined) tellPosition(reply, upload.position);
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(summary));
}

/** Says how far the upload got, so that the client may go on from there or send everything again. */
function interruption({ doneBefore, summary, cause }: UploadInterrupted, unit: 'line' | 'item'): Problem {
  const problem = problemOf(cause);
  const done = doneBefore === 0 ? `No ${unit} is done` : `The first ${doneBefore} ${unit}s are done`;
  const counts = `${summary.accepted} recorded, ${summary.duplicates} recorded before, ${summary.rejected} rejected`;
  return new Problem(problem.code, {
    cause,
    detail: `${done}: ${counts}. Send all of it again: what is recorded is recognised.`,
    headers: {
      ...problem.headers,
      ...(summary.position === null ? {} : { [POSITION_HEADER]: summary.position }),
    },
    members: { done: doneBefore, summary },
  });
}
