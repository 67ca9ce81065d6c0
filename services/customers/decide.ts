import { randomUUID } from 'node:crypto';
import type { Journal } from '@touchline/journal';
import { type PositionSource, Problem, tellPosition } from '@touchline/service-kit';
import { type Catalogue, eventIdOf, MAX_AHEAD_MS, type Touchpoint } from '@touchline/touchpoints';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { earlierDecision } from './earlier-decision.ts';
import { IDEMPOTENCY_KEY_HEADER, idForKey } from './idempotency-key.ts';

/** Where decisions come from, in their `source`. */
export const SOURCE = '/touchline/customers';

/** What a person decided, before it has a time, an id and an author. */
export interface Command {
  readonly type: string;
  readonly department: string;
  readonly data: Touchpoint['data'];
  /** Identifiers, references or customer ids it is recorded under: the strongest names its stream. */
  readonly concerns: readonly string[];
  /** The customer as an identifier, where the body names none. */
  readonly subject?: string | undefined;
  /** It holds from then on at the earliest, milliseconds since the epoch. */
  readonly notBefore?: number | undefined;
  /**
   * Whether the decision would change nothing, as far as the directory knows. Asked only when it is no repeat; throws the
   * problem when it cannot be decided any more.
   */
  isAlreadySo(): Promise<boolean>;
}

export interface DecideParts {
  readonly journal: Pick<Journal, 'record' | 'readSubject' | 'identify'>;
  readonly catalogue: Pick<Catalogue, 'parse'>;
  readonly clock: { now(): number };
  /** How far the directory is. */
  readonly positions?: PositionSource;
}

export interface Decided {
  /** Event id of the decision; `null` when nothing had to be decided. */
  readonly decision: string | null;
  readonly position: string | null;
  readonly outcome: 'recorded' | 'repeated' | 'already-so';
}

/** Writes a decision into the log, once: 201, or 200 when it was written before or nothing is left to decide. */
export async function decide(
  request: FastifyRequest,
  reply: FastifyReply,
  command: Command,
  { journal, catalogue, clock, positions }: DecideParts,
): Promise<Decided> {
  const { id, isKeyed } = idOf(request);
  const eventid = eventIdOf(SOURCE, id);
  const earlier = isKeyed ? await earlierDecision(journal, eventid, command) : undefined;
  if (earlier !== undefined) return answer(reply, 'repeated', eventid, earlier.position);
  if (await command.isAlreadySo()) {
    if (positions !== undefined) tellPosition(reply, await positions.current());
    return { decision: null, position: null, outcome: 'already-so' };
  }
  const touchpoint = touchpointFor(command, id, request, { catalogue, now: clock.now() });
  const [outcome] = await journal.record([touchpoint]);
  if (outcome === undefined) throw new Error('The journal answered no outcome for a touchpoint.');
  if (outcome.ok)
    return answer(reply, outcome.duplicate ? 'repeated' : 'recorded', eventid, outcome.position);
  // Somebody used the key at the same moment, or before for a command about others.
  const other = await earlierDecision(journal, eventid, command);
  if (other === undefined) throw new Problem('idempotency-key-reused');
  return answer(reply, 'repeated', eventid, other.position);
}

function idOf(request: FastifyRequest): { id: string; isKeyed: boolean } {
  const key = request.raw.headers[IDEMPOTENCY_KEY_HEADER];
  if (typeof key !== 'string') return { id: randomUUID(), isKeyed: false };
  return { id: idForKey(key, principalOf(request)), isKeyed: true };
}

function principalOf(request: FastifyRequest) {
  if (request.principal === null) throw new Problem('unauthenticated');
  return request.principal;
}

function touchpointFor(
  { type, department, data, subject, notBefore = 0 }: Command,
  id: string,
  request: FastifyRequest,
  { catalogue, now }: { catalogue: Pick<Catalogue, 'parse'>; now: number },
): Touchpoint {
  const event = {
    specversion: '1.0',
    id,
    source: SOURCE,
    type,
    time: new Date(Math.max(now, Math.min(notBefore, now + MAX_AHEAD_MS))).toISOString(),
    ...(subject !== undefined && { subject }),
    department,
    authid: principalOf(request).id,
    data,
  };
  const parsed = catalogue.parse(event, { now });
  if (parsed.ok) return parsed.touchpoint;
  throw new Problem('invalid-touchpoint', { errors: parsed.errors });
}

function answer(
  reply: FastifyReply,
  outcome: 'recorded' | 'repeated',
  decision: string,
  position: bigint,
): Decided {
  tellPosition(reply, position).code(outcome === 'recorded' ? 201 : 200);
  return { decision, position: String(position), outcome };
}
