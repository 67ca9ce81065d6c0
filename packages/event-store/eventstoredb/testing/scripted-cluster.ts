import { ScriptedLog } from './scripted-log.ts';
import { ScriptedServer } from './scripted-server.ts';

/** Two scripted servers over one log, of which one leads. */
export class ScriptedCluster implements Disposable {
  readonly nodes: readonly [ScriptedServer, ScriptedServer];

  private constructor(nodes: readonly [ScriptedServer, ScriptedServer]) {
    this.nodes = nodes;
    for (const node of nodes)
      node.members = () =>
        nodes.map(({ port, leaderPort }) => ({ port, isLeader: leaderPort === undefined }));
    this.lead(nodes[0]);
  }

  static async start(): Promise<ScriptedCluster> {
    const log = new ScriptedLog();
    return new ScriptedCluster([await ScriptedServer.start(log), await ScriptedServer.start(log)]);
  }

  get url(): string {
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    return `esdb://${hosts.join(',')}?tls=false&maxDiscoverAttempts=2&gossipTimeout=1`;
  }

  /** From now on the other one sends everybody there. */
  lead(leader: ScriptedServer): void {
    for (const node of this.nodes) node.leaderPort = node === leader ? undefined : leader.port;
  }

  [Symbol.dispose](): void {
    for (const node of this.nodes) node.stop();
  }
}
