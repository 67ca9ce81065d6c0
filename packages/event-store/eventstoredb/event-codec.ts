import { hash } from 'node:crypto';
import { EventStoreError } from '../errors.ts';
import { type NewEvent, type Position, type RecordedEvent, START } from '../event-store.ts';
import type { ServerEvent, ServerRecord } from './log-server.ts';

/**
 * Streams of the log on the server. Whatever else is there, of the system or of somebody else, begins otherwise; so what is
 * asked for by this prefix is ours and nothing else, whatever names and types are chosen.
 */
export const STREAM_PREFIX = 'touchline-';

export function toServerStream(stream: string): string {
  return STREAM_PREFIX + stream;
}

export function isOurs({ event }: ServerRecord): boolean {
  return event?.streamId.startsWith(STREAM_PREFIX) === true;
}

/**
 * The document goes as bytes: as JSON the client would parse it and write it anew, and it would not be the same text. The
 * server takes for a repeat what has the same id, whatever it says; so the id that it is given stands for the content too.
 */
export function toServerEvent({ id, type, fingerprint, data }: NewEvent): ServerEvent {
  return {
    id: serverIdOf(id, fingerprint),
    type,
    contentType: 'application/octet-stream',
    data: typeof data === 'string' ? Buffer.from(data, 'utf8') : data,
    metadata: { id, fingerprint },
  };
}

/** Throws `event-store-corrupt` for what the adapter never wrote. */
export function toRecordedEvent(record: ServerRecord): RecordedEvent {
  const { event } = record;
  const position = positionOf(record);
  if (event === undefined || position === undefined || position === START) throw foreign(record);
  const { id, fingerprint } = textsOf(event.metadata);
  if (id === undefined || fingerprint === undefined) throw foreign(record);
  if (event.isJson || !(event.data instanceof Uint8Array)) throw foreign(record);
  return {
    position,
    stream: event.streamId.slice(STREAM_PREFIX.length),
    version: Number(event.revision),
    id,
    type: event.type,
    fingerprint,
    recordedAt: event.created.getTime(),
    data: Buffer.from(event.data.buffer, event.data.byteOffset, event.data.byteLength).toString('utf8'),
  };
}

/** Absent from a server before 22.6, or where somebody has written through its old interface. */
export function positionOf({ event, commitPosition }: ServerRecord): Position | undefined {
  return event?.position?.commit ?? commitPosition;
}

/** A UUID of version 8 (RFC 9562, section 5.8). */
function serverIdOf(id: string, fingerprint: string): string {
  const hex = hash('sha256', `${id} ${fingerprint}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Flat strings, as they were sent. */
function textsOf(metadata: unknown): Partial<Readonly<Record<'id' | 'fingerprint', string>>> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  const { id, fingerprint } = metadata as { readonly id?: unknown; readonly fingerprint?: unknown };
  return typeof id === 'string' && typeof fingerprint === 'string' ? { id, fingerprint } : {};
}

function foreign(record: ServerRecord): EventStoreError {
  const place = `${record.event?.streamId}@${record.event?.revision}, position ${positionOf(record)}`;
  return new EventStoreError('event-store-corrupt', `an event of the log was not written by it (${place})`);
}
