/** Who customers are made of, as of some position. Implemented by the read side. */
export interface CustomerSource {
  /** Customers whose composition changed after a position, about `limit` changes of them. */
  changes(request: {
    readonly after: bigint;
    readonly limit: number;
    readonly signal: AbortSignal;
  }): Promise<ChangePage>;
  /** Data subjects of the customer an id stands for; `undefined` when nobody ever had it. */
  subjectsOf(customerid: string): Promise<readonly string[] | undefined>;
}

export interface ChangePage {
  /** In the order of their last changes. */
  readonly items: readonly ChangedCustomer[];
  /** Every change up to here is told. */
  readonly through: bigint;
  readonly hasNext: boolean;
  /** What is held back lies after this position, and changes customers there when it is folded. */
  readonly settled: bigint;
  /** Events that are held back. */
  readonly parked: number;
}

/** A customer as it is now. */
export interface ChangedCustomer {
  readonly customerid: string;
  readonly subjects: readonly string[];
  readonly supersededby?: string | undefined;
  readonly more?: true | undefined;
  /** Of its last change, a decimal number. */
  readonly position: string;
}
