import type { EachOutcome } from '@touchline/journal';
import { Problem, readJson, tellPosition } from '@touchline/service-kit';
import { eventIdOf, type Touchpoint } from '@touchline/touchpoints';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventOf, isBinaryMode } from './binary-mode.ts';
import { type Examiner, examine } from './examine.ts';
import type { OutcomeCounts } from './outcome-counts.ts';
import type { RecordQueue } from './record-queue.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

export interface OneParts {
  readonly queue: RecordQueue;
  readonly examiner: Examiner;
  readonly counts: OutcomeCounts;
}

/** One event, in the body alone or with its attributes in the headers. The hot path of the whole house. */
export async function receiveOne(
  request: FastifyRequest,
  reply: FastifyReply,
  { queue, examiner, counts }: OneParts,
  validateOnly: boolean,
): Promise<FastifyReply> {
  const touchpoint = touchpointIn(request, examiner, counts);
  if (validateOnly) return reply.type(JSON_TYPE).send(validity(touchpoint));
  const outcome = await queue.record(touchpoint);
  if (!outcome.ok) throw refused(counts, problemFor(outcome));
  counts.recorded(outcome.duplicate);
  tellPosition(reply, outcome.position);
  return reply
    .code(outcome.duplicate ? 200 : 201)
    .type(JSON_TYPE)
    .send(receipt(touchpoint, outcome));
}

function touchpointIn(request: FastifyRequest, examiner: Examiner, counts: OutcomeCounts): Touchpoint {
  const read = readJson(request.body as Buffer);
  if (!read.ok) throw refused(counts, new Problem(read.code, { detail: read.detail }));
  const { headers } = request.raw;
  const isBinary = isBinaryMode(headers) && request.mediaType !== 'application/cloudevents+json';
  const examined = examine(isBinary ? eventOf(headers, read.value) : read.value, examiner);
  if (examined.ok) return examined.touchpoint;
  throw refused(counts, new Problem('invalid-touchpoint', { errors: examined.errors }));
}

function refused(counts: OutcomeCounts, problem: Problem): Problem {
  counts.rejected();
  return problem;
}

/** Written by hand: five members, on every request. */
function receipt({ source, id }: Touchpoint, outcome: EachOutcome & { ok: true }): string {
  const names = `{"source":${JSON.stringify(source)},"id":${JSON.stringify(id)}`;
  return `${names},"eventid":"${outcome.eventid}","position":"${outcome.position}","duplicate":${outcome.duplicate}}`;
}

function validity({ source, id }: Touchpoint): string {
  return JSON.stringify({ valid: true, source, id, eventid: eventIdOf(source, id) });
}

function problemFor(outcome: EachOutcome & { ok: false }): Problem {
  if (outcome.code === 'internal') return new Problem('internal', { cause: outcome.cause });
  const detail = 'The same source and id were recorded before with other content.';
  return new Problem('event-id-reused', { detail, members: { eventid: outcome.eventid } });
}
