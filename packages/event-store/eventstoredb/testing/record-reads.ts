import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ScriptedLog, ScriptedRecord } from './scripted-log.ts';

/** What a read that ends is answered; nothing for a stream that nobody wrote. */
export function recordsOf(log: ScriptedLog, options: ReadReq.Options): readonly ScriptedRecord[] | undefined {
  const count = Number(options.getCount());
  const isBackwards = options.getReadDirection() === 1;
  return options.hasStream()
    ? streamRecords(log, options, isBackwards, count)
    : allRecords(log, options, isBackwards, count);
}

/** Whether a read of everything begins at its start or end, or at a record. */
export function beginsAtRecord(log: ScriptedLog, options: ReadReq.Options): boolean {
  const place = options.getAll()?.getPosition();
  if (place === undefined) return true;
  const position = BigInt(place.getCommitPosition());
  const [record] = log.slice(log.indexOf(position));
  return record?.position === position;
}

export function streamOfRead(options: ReadReq.Options): string {
  const identifier = options.getStream()?.getStreamIdentifier();
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

function streamRecords(log: ScriptedLog, options: ReadReq.Options, isBackwards: boolean, count: number) {
  const records = log.stream(streamOfRead(options));
  const place = options.getStream();
  if (records.length === 0) return undefined;
  if (isBackwards) return records.slice(-count).toReversed();
  const from = place?.hasRevision() ? Number(place.getRevision()) : 0;
  return records.slice(from, from + count);
}

/** Forwards a position is where reading begins, backwards where it has been already. */
function allRecords(log: ScriptedLog, options: ReadReq.Options, isBackwards: boolean, count: number) {
  const place = options.getAll()?.getPosition();
  if (isBackwards) {
    const end = place === undefined ? log.size : log.indexOf(BigInt(place.getCommitPosition()));
    return log.slice(Math.max(0, end - count), end).toReversed();
  }
  const from = place === undefined ? 0 : log.indexOf(BigInt(place.getCommitPosition()));
  return log.slice(from, from + count);
}
