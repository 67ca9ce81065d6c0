import type { Messaging } from '../messaging.ts';

/** One broker under test. Others may use it too: topics and groups of the suite have names of their own. */
export interface Harness {
  readonly messaging: Messaging;

  /** Another way to the same broker, as another process has it. The suite closes it. */
  another(): Messaging;

  /** Ends the broker without warning, and brings it back with what it had acknowledged. */
  readonly broker: Capability<MortalBroker>;

  /** A message of so many bytes is too large for a topic that `ensureTopics` makes. */
  readonly tooLargeBytes: number;

  /** Releases whatever the test has left open. */
  close(): Promise<void>;
}

export interface MortalBroker {
  crash(): Promise<void>;
  start(): Promise<void>;
}

/** Something an adapter offers, or the reason why it does not: tests that need it are skipped with that reason. */
export type Capability<Means> = Means | { readonly missing: string };

export type OpenHarness = () => Promise<Harness>;

export function isMissing<Means>(capability: Capability<Means>): capability is { readonly missing: string } {
  return typeof capability === 'object' && capability !== null && 'missing' in capability;
}
