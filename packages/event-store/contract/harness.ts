import type { EventStore } from '../event-store.ts';

/** One log under test, and what its adapter can do beyond the port. Nobody else uses the log meanwhile. */
export interface Harness {
  readonly store: EventStore;

  /** Opens the log anew; the suite has closed the store before. */
  readonly reopen: Capability<() => Promise<EventStore>>;

  /** Opens the log in another process while this one has it open too. */
  readonly elsewhere: Capability<Opener>;

  /** Releases whatever the test has left open. */
  close(): Promise<void>;
}

/** Something an adapter offers, or the reason why it does not: tests that need it are skipped with that reason. */
export type Capability<Means> = Means | { readonly missing: string };

/** A module that exports `openEventStore(argument: string): Promise<EventStore>`. */
export interface Opener {
  readonly module: URL;
  readonly argument: string;
}

export type OpenHarness = () => Promise<Harness>;

export function isMissing<Means>(capability: Capability<Means>): capability is { readonly missing: string } {
  return typeof capability === 'object' && capability !== null && 'missing' in capability;
}
