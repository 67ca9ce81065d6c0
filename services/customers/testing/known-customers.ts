import type { Directory, KnownDecision, KnownEntry } from '../directory.ts';

/** A directory that knows what the test tells it. */
export class KnownCustomers implements Directory {
  readonly customers = new Map<string, string>();
  readonly decisions = new Map<string, KnownDecision>();
  readonly entries = new Map<string, KnownEntry>();

  /** What was demanded last. */
  minimum: bigint | undefined;

  atLeast(minimum: bigint): Directory {
    this.minimum = minimum;
    return this;
  }

  find(reference: string): Promise<{ customerid: string } | undefined> {
    const customerid = this.customers.get(reference);
    return Promise.resolve(customerid === undefined ? undefined : { customerid });
  }

  decision(eventid: string): Promise<KnownDecision | undefined> {
    return Promise.resolve(this.decisions.get(eventid));
  }

  entry(eventid: string): Promise<KnownEntry | undefined> {
    return Promise.resolve(this.entries.get(eventid));
  }
}
