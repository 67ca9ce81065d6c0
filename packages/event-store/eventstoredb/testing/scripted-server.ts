import { once } from 'node:events';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { AppendReq, AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import {
  type ClientStream,
  type GrpcFailure,
  type GrpcServer,
  grpc,
  type Reply,
  type ServerStream,
} from './grpc.ts';
import {
  appendedMessage,
  confirmationMessage,
  eventMessage,
  expectedOf,
  type Member,
  membersMessage,
  notFoundMessage,
  proposedOf,
  streamOf,
} from './messages.ts';
import { beginsAtRecord, recordsOf, streamOfRead } from './record-reads.ts';
import { ScriptedLog } from './scripted-log.ts';

export type Operation = 'append' | 'read' | 'subscribe';

/** What is to happen to the next calls instead of what usually does. */
export type Script = (operation: Operation) => GrpcFailure | 'never-answered' | undefined;

/**
 * Speaks gRPC as an EventStoreDB does, over a log in memory. It proves what the adapter makes of a server that behaves as
 * documented, and of one that misbehaves; it proves nothing about the real one.
 */
export class ScriptedServer {
  log: ScriptedLog;
  readonly calls: Record<Operation, number> = { append: 0, read: 0, subscribe: 0 };
  /** Where the leader is, for a member of a cluster that is not it. */
  leaderPort: number | undefined;
  members: () => readonly Member[] = () => [{ port: this.#port, isLeader: this.leaderPort === undefined }];
  script: Script = () => undefined;
  /** How a read is refused that begins where no record does; without it, it begins with the next one. */
  refusesPositionsAs: GrpcFailure | undefined;
  /** Whether an append is answered with its position: servers do not always know it. */
  tellsPositions = true;
  #losesNextAnswer = false;
  readonly #subscriptions = new Set<ServerStream<ReadReq, ReadResp>>();
  #server: GrpcServer | undefined;
  #port = 0;

  constructor(log = new ScriptedLog()) {
    this.log = log;
  }

  static async start(log?: ScriptedLog): Promise<ScriptedServer> {
    const server = new ScriptedServer(log);
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** Again on the same port after `stop`. */
  async start(): Promise<void> {
    const server = new grpc.Server({ 'grpc.max_receive_message_length': 32 * 1_048_576 });
    server.addService(streamsService.StreamsService, {
      append: (call: ClientStream<AppendReq>, reply: Reply<AppendResp>) => void this.#append(call, reply),
      read: (call: ServerStream<ReadReq, ReadResp>) => void this.#read(call),
    });
    server.addService(gossipService.GossipService, {
      read: (_call: unknown, reply: Reply<unknown>) => reply(null, membersMessage(this.members())),
    });
    const bound = Promise.withResolvers<number>();
    server.bindAsync(`127.0.0.1:${this.#port}`, grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? bound.reject(error) : bound.resolve(port),
    );
    this.#port = await bound.promise;
    this.#server = server;
  }

  /** As a crash: every connection breaks. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  /** The next append is stored, and then its connection breaks. */
  loseNextAnswer(): void {
    this.#losesNextAnswer = true;
  }

  /** As the server names a refusal that is no status of gRPC. */
  refuseAppendsAs(exception: string, details: Readonly<Record<string, string>>): void {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries({ exception, ...details })) metadata.set(name, value);
    const refusal = { code: 3, details: exception, metadata };
    this.script = (operation) => (operation === 'append' ? refusal : undefined);
  }

  /** As a server that was restored from a backup without anything in it. */
  setBack(): void {
    this.log = new ScriptedLog();
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Ends every subscription: with a failure, or as if there were nothing more to come. */
  endSubscriptions(failure?: GrpcFailure): void {
    for (const call of this.#subscriptions) end(call, failure);
    this.#subscriptions.clear();
  }

  async #append(call: ClientStream<AppendReq>, reply: Reply<AppendResp>): Promise<void> {
    const requests: AppendReq[] = [];
    try {
      for await (const request of call) requests.push(request);
    } catch {
      return; // the client gave up half-way
    }
    const refusal = this.#begin('append', call.metadata.get('requires-leader').length > 0);
    if (refusal === 'never-answered') return;
    if (refusal !== undefined) return reply(refusal);
    const [header, ...proposals] = requests;
    const options = header?.getOptions();
    if (options === undefined) return reply({ code: 3, details: 'an append without options' });
    const written = this.log.append(streamOf(options), proposals.map(proposedOf), expectedOf(options));
    if (this.#losesNextAnswer) {
      this.#losesNextAnswer = false;
      return reply({ code: 14, details: 'the connection broke' });
    }
    reply(null, appendedMessage(written, this.tellsPositions));
  }

  async #read(call: ServerStream<ReadReq, ReadResp>): Promise<void> {
    const options = call.request.getOptions();
    const operation = options?.hasSubscription() ? 'subscribe' : 'read';
    const refusal = this.#begin(operation, call.metadata.get('requires-leader').length > 0);
    if (refusal === 'never-answered') return;
    if (refusal !== undefined || options === undefined) return end(call, refusal);
    if (operation === 'subscribe') return await this.#follow(call, options);
    if (this.refusesPositionsAs !== undefined && !beginsAtRecord(this.log, options))
      return end(call, this.refusesPositionsAs);
    const records = recordsOf(this.log, options);
    if (records === undefined) await send(call, notFoundMessage(streamOfRead(options)));
    for (const record of records ?? []) await send(call, eventMessage(record));
    call.end();
  }

  async #follow(call: ServerStream<ReadReq, ReadResp>, options: ReadReq.Options): Promise<void> {
    const prefixes = options.getFilter()?.getStreamIdentifier()?.getPrefixList() ?? [];
    const after = options.getAll()?.getPosition()?.getCommitPosition();
    let next = after === undefined ? 0 : this.log.indexOf(BigInt(after) + 1n);
    let growth = Promise.withResolvers<void>();
    const forget = this.log.onGrowth(() => growth.resolve());
    call.once('cancelled', () => growth.resolve());
    this.#subscriptions.add(call);
    await send(call, confirmationMessage());
    while (!call.cancelled && this.#subscriptions.has(call)) {
      const records = this.log.slice(next, next + 100);
      next += records.length;
      for (const record of records)
        if (prefixes.some((prefix) => record.stream.startsWith(prefix)))
          await send(call, eventMessage(record));
      if (records.length > 0) continue;
      await growth.promise;
      growth = Promise.withResolvers();
    }
    forget();
    this.#subscriptions.delete(call);
  }

  #begin(operation: Operation, requiresLeader: boolean): GrpcFailure | 'never-answered' | undefined {
    this.calls[operation] += 1;
    if (requiresLeader && this.leaderPort !== undefined) return notLeader(this.leaderPort);
    return this.script(operation);
  }
}

function end(call: ServerStream<ReadReq, ReadResp>, failure?: GrpcFailure): void {
  if (failure === undefined) call.end();
  else call.emit('error', Object.assign(new Error(failure.details), failure));
}

function notLeader(port: number): GrpcFailure {
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', String(port));
  return { code: 5, details: 'Leader info available', metadata };
}

/** Waits until the connection takes more: a reader that is slow holds the server up, not its memory. */
async function send(call: ServerStream<ReadReq, ReadResp>, message: ReadResp): Promise<void> {
  if (call.cancelled || call.writableEnded || call.write(message)) return;
  const stop = new AbortController();
  const news = ['drain', 'cancelled'].map((name) => once(call as never, name, { signal: stop.signal }));
  await Promise.race(news).catch(() => {}); // it broke: the next one notices
  stop.abort();
}
