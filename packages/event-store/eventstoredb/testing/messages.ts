import type { EndPoint, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { AppendReq, AppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected, Proposed, ScriptedRecord, Written } from './scripted-log.ts';

/** Ticks of 100 ns, as the server counts time. */
const TICKS_PER_MS = 10_000n;

export function eventMessage(record: ScriptedRecord): ReadResp {
  const event = new streams.ReadResp.ReadEvent.RecordedEvent();
  const position = String(record.position);
  event.setId(new shared.UUID().setString(record.id));
  event.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(record.stream)));
  event.setStreamRevision(String(record.revision));
  event.setCommitPosition(position).setPreparePosition(position);
  event.setData(record.data).setCustomMetadata(record.metadata);
  event.getMetadataMap().set('type', record.type);
  event.getMetadataMap().set('content-type', record.contentType);
  event.getMetadataMap().set('created', String(BigInt(record.created) * TICKS_PER_MS));
  const read = new streams.ReadResp.ReadEvent().setEvent(event).setCommitPosition(position);
  return new streams.ReadResp().setEvent(read);
}

export function confirmationMessage(): ReadResp {
  const confirmation = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID());
  return new streams.ReadResp().setConfirmation(confirmation);
}

export function notFoundMessage(stream: string): ReadResp {
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
  return new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier),
  );
}

export function proposedOf(request: AppendReq): Proposed {
  const message = request.getProposedMessage();
  const names = message?.getMetadataMap();
  return {
    id: message?.getId()?.getString() ?? '',
    type: names?.get('type') ?? '',
    contentType: names?.get('content-type') ?? '',
    data: message?.getData_asU8() ?? new Uint8Array(),
    metadata: message?.getCustomMetadata_asU8() ?? new Uint8Array(),
  };
}

export function streamOf(options: AppendReq.Options): string {
  return Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
}

export function expectedOf(options: AppendReq.Options): Expected {
  if (options.hasNoStream()) return 'no-stream';
  return options.hasRevision() ? Number(options.getRevision()) : 'any';
}

export function appendedMessage(written: Written, tellsPosition: boolean): AppendResp {
  if ('actual' in written) {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (written.actual === undefined) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(written.actual));
    return new streams.AppendResp().setWrongExpectedVersion(wrong);
  }
  const position = String(written.position);
  const success = new streams.AppendResp.Success().setCurrentRevision(String(written.lastRevision));
  if (tellsPosition)
    success.setPosition(
      new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
    );
  else success.setNoPosition(new shared.Empty());
  return new streams.AppendResp().setSuccess(success);
}

export interface Member {
  readonly port: number;
  readonly isLeader: boolean;
}

export function membersMessage(members: readonly Member[]) {
  const list = members.map(({ port, isLeader }): MemberInfo => {
    const place: EndPoint = new gossip.EndPoint().setAddress('127.0.0.1').setPort(port);
    return new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
      .setIsAlive(true)
      .setState(isLeader ? gossip.MemberInfo.VNodeState.LEADER : gossip.MemberInfo.VNodeState.FOLLOWER)
      .setHttpEndPoint(place);
  });
  return new gossip.ClusterInfo().setMembersList(list);
}
