import {
  BACKWARDS,
  type BinaryEventData,
  END,
  type EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import type {
  AllRead,
  Appended,
  AppendOptions,
  LogServer,
  ServerEvent,
  ServerFlow,
  ServerSubscription,
  StreamRead,
} from './log-server.ts';

/** Events that the server may filter out between two checkpoints, of which nothing is made here. */
const MAX_SEARCH_WINDOW_EVENTS = 1_000;

/** An EventStoreDB through its client. Knows how the client wants to be asked, and nothing else. */
export class ClientLogServer implements LogServer {
  readonly #client: EventStoreDBClient;

  constructor(client: EventStoreDBClient) {
    this.#client = client;
  }

  async append(
    stream: string,
    events: readonly ServerEvent[],
    { last, deadlineMs }: AppendOptions,
  ): Promise<Appended> {
    const { nextExpectedRevision, position } = await this.#client.appendToStream(
      stream,
      [...(events as readonly BinaryEventData[])],
      { expectedRevision: last ?? NO_STREAM, deadline: deadlineMs, requiresLeader: true },
    );
    return { lastRevision: nextExpectedRevision, position: position?.commit };
  }

  readStream(stream: string, { direction, from, limit }: StreamRead): ServerFlow {
    const isBackwards = direction === 'backwards';
    const records = this.#client.readStream(stream, {
      direction: isBackwards ? BACKWARDS : FORWARDS,
      fromRevision: from ?? (isBackwards ? END : START),
      maxCount: limit,
      requiresLeader: true,
    });
    return { records, stop: () => records.cancel() };
  }

  readAll({ direction, from, limit }: AllRead): ServerFlow {
    const isBackwards = direction === 'backwards';
    const records = this.#client.readAll({
      direction: isBackwards ? BACKWARDS : FORWARDS,
      fromPosition: from === undefined ? (isBackwards ? END : START) : toPosition(from),
      maxCount: limit,
      requiresLeader: true,
    });
    return { records, stop: () => records.cancel() };
  }

  subscribe({ prefix, after, maxAheadEvents }: ServerSubscription): ServerFlow {
    const filter = streamNameFilter({ prefixes: [prefix], maxSearchWindow: MAX_SEARCH_WINDOW_EVENTS });
    const records = this.#client.subscribeToAll(
      { fromPosition: after === undefined ? START : toPosition(after), filter, requiresLeader: true },
      { highWaterMark: maxAheadEvents },
    );
    return { records, stop: () => records.unsubscribe() };
  }
}

/** Nothing of ours is written in one of the old transactions, where the two would differ. */
function toPosition(position: bigint): { readonly commit: bigint; readonly prepare: bigint } {
  return { commit: position, prepare: position };
}
