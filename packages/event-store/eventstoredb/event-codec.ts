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

/** The document goes as bytes: as JSON the client would parse it and write it anew, and it would not be the same text. */
export function toServerEvent({ id, type, fingerprint, data }: NewEvent): ServerEvent {
  return {
    id,
    type,
    contentType: 'application/octet-stream',
    data: Buffer.from(data, 'utf8'),
    metadata: { fingerprint },
  };
}

/** Throws `event-store-corrupt` for what the adapter never wrote. */
export function toRecordedEvent(record: ServerRecord): RecordedEvent {
  const { event } = record;
  const position = positionOf(record);
  if (event === undefined || position === undefined || position === START) throw foreign(record);
  const fingerprint = fingerprintOf(event.metadata);
  if (fingerprint === undefined || event.isJson || !(event.data instanceof Uint8Array)) throw foreign(record);
  return {
    position,
    stream: event.streamId.slice(STREAM_PREFIX.length),
    version: Number(event.revision),
    id: event.id,
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

function fingerprintOf(metadata: unknown): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('fingerprint' in metadata)) return undefined;
  return typeof metadata.fingerprint === 'string' ? metadata.fingerprint : undefined;
}

function foreign(record: ServerRecord): EventStoreError {
  const place = `${record.event?.streamId}@${record.event?.revision}, position ${positionOf(record)}`;
  return new EventStoreError('event-store-corrupt', `an event of the log was not written by it (${place})`);
}
