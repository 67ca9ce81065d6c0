import type { RecordedEvent } from '../../event-store.ts';
import { type EventStoreDbEventStore, openEventStoreDbEventStore } from '../event-store-db-event-store.ts';
import type { EventStoreDbLimits } from '../limits.ts';
import { ScriptedServer } from './scripted-server.ts';

/** A scripted server and a store on it. */
export class ScriptedScene implements AsyncDisposable {
  readonly server: ScriptedServer;
  readonly store: EventStoreDbEventStore;

  private constructor(server: ScriptedServer, limits: Partial<EventStoreDbLimits>) {
    this.server = server;
    this.store = openEventStoreDbEventStore({ url: server.url, ...limits });
  }

  static async open(limits: Partial<EventStoreDbLimits> = {}): Promise<ScriptedScene> {
    return new ScriptedScene(await ScriptedServer.start(), limits);
  }

  /** Everything of ours that is in the log. */
  async written(): Promise<readonly RecordedEvent[]> {
    return await this.store.readAll({ limit: 10_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    this.server.stop();
  }
}
