import type { Directory, KnownDecision } from '../directory.ts';

/** A directory that knows what the test tells it. */
export class KnownCustomers implements Directory {
  readonly customers = new Map<string, string>();
  readonly decisions = new Map<string, KnownDecision>();

  find(reference: string): Promise<{ customerid: string } | undefined> {
    const customerid = this.customers.get(reference);
    return Promise.resolve(customerid === undefined ? undefined : { customerid });
  }

  decision(eventid: string): Promise<KnownDecision | undefined> {
    return Promise.resolve(this.decisions.get(eventid));
  }
}
