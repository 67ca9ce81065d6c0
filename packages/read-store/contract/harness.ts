import type { ReadStore } from '../index.ts';

/** One database that a contract test has for itself. */
export interface Harness {
  /** Another store on the same database, as another thread or process has one. The test closes it. */
  connect(): Promise<ReadStore>;
  /** How a child process gets there: `module` exports `connect(place): Promise<ReadStore>`. */
  readonly module: URL;
  readonly place: string;
  /** Called when every store is closed. */
  discard(): Promise<void>;
}

export type OpenHarness = () => Promise<Harness>;
