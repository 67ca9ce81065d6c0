/** What one broker needs to know about itself to be alone. */
export interface BrokerPlace {
  readonly port: number;
  readonly controllerPort: number;
  readonly data: string;
  /** Added to ours, or put in their place. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Broker and controller in one process (KRaft, combined roles): for a desk and for tests, not for production. */
export function brokerSettings({ port, controllerPort, data, more = {} }: BrokerPlace): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': data.replaceAll('\\', '/'),
    // Nobody else is there to hold a copy.
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Few files, so that it starts fast.
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 4,
    // After a crash it is let in again when its former self has been silent for so long.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    // A misspelt topic is an error, as it is in production.
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
  };
  return Object.entries({ ...settings, ...more })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
