import type { ChangedCustomer, ChangePage, CustomerSource } from '../outgoing/customer-source.ts';

/** A read model that knows what the test tells it. */
export class KnownCustomers implements CustomerSource {
  readonly changed: ChangedCustomer[] = [];
  /** How far it is. */
  position = 0n;
  /** Where events are held back, and how many. */
  held: { readonly settled: bigint; readonly parked: number } | undefined;
  readonly asked: bigint[] = [];
  #pageEnds = Number.POSITIVE_INFINITY;

  set pageSize(items: number) {
    this.#pageEnds = items;
  }

  async changes({ after }: { after: bigint }): Promise<ChangePage> {
    this.asked.push(after);
    const later = this.changed.filter(({ position }) => BigInt(position) > after);
    const items = later.slice(0, this.#pageEnds);
    const hasNext = items.length < later.length;
    const last = items.at(-1);
    const end = this.position > after ? this.position : after;
    const through = hasNext && last !== undefined ? BigInt(last.position) : end;
    return { items, through, hasNext, ...(this.held ?? { settled: this.position, parked: 0 }) };
  }

  async subjectsOf(customerid: string): Promise<readonly string[] | undefined> {
    return this.changed.findLast((one) => one.customerid === customerid)?.subjects;
  }
}
