import type { ReadModelReader } from '@touchline/read-store';
import { type ChangedCustomer, customerChanges, membersOf } from './queries/customer-changes.ts';
import { currentCustomer } from './queries/customers.ts';

/** Who customers are made of, for services that tell others of it. Answers as of the read model's position. */
export interface CustomerFeed {
  /** As `GET /v1/customers/changes`. */
  changes(request: { readonly after: bigint; readonly limit: number }): Promise<CustomerFeedPage>;
  /** Data subjects of the customer an id stands for; `undefined` when nobody ever had it. */
  subjectsOf(customerid: string): Promise<readonly string[] | undefined>;
}

export interface CustomerFeedPage {
  readonly items: readonly ChangedCustomer[];
  readonly through: bigint;
  readonly hasNext: boolean;
  readonly settled: bigint;
  readonly parked: number;
}

export function customerFeed(reader: ReadModelReader): CustomerFeed {
  return {
    async changes({ after, limit }) {
      const page = await reader.read((snapshot) =>
        customerChanges(snapshot, { after: Number(after), limit }),
      );
      return { ...page, through: BigInt(page.through), settled: BigInt(page.settled) };
    },
    subjectsOf: (customerid) =>
      reader.read(async (snapshot) => {
        const current = await currentCustomer(snapshot, customerid);
        if (current === undefined) return undefined;
        return (await membersOf(snapshot, current)).map(({ subject }) => subject);
      }),
  };
}
