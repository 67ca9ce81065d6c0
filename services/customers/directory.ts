/**
 * What is known of customers, decisions and entries, as of some position. Implemented by the read side.
 *
 * Commands ask it as a courtesy, to tell a person at once that an id is mistyped or that nothing is left to do. No fact
 * depends on it: it may lag behind, and who is who follows from the log alone, whatever the directory said.
 */
export interface Directory {
  /** By customer id (also a superseded one) or identifier; `undefined` when nothing is known of it yet. */
  find(reference: string): Promise<{ readonly customerid: string } | undefined>;
  /** By event id of the decision. Parties are customer ids. */
  decision(eventid: string): Promise<KnownDecision | undefined>;
  /** By event id of the record. */
  entry(eventid: string): Promise<KnownEntry | undefined>;
  /** The same as of `minimum` or later: throws a problem that asks to come again where it has been set back since. */
  atLeast(minimum: bigint): Directory;
}

export interface KnownDecision {
  readonly kind: string;
  /** Not undone. */
  readonly active: boolean;
  readonly parties: readonly string[];
}

/** An entry as it counts now. */
export interface KnownEntry {
  readonly type: string;
  /** What its data subject is named by: an identifier, or a reference; `null` once it was erased. */
  readonly identifier: string | null;
  readonly data: object;
  /** The correction whose `data` this is. */
  readonly corrected?: { readonly time: string } | undefined;
  readonly retracted?: object | undefined;
}
