/**
 * One key per data subject. The port; adapters keep the keys apart from the log.
 *
 * A key is durable before `ensure` answers it, two processes that meet a new data subject at once agree on one
 * key, and a shredded key is gone from every file and every cache, also those of other processes.
 */
export interface KeyRing {
  /** The current key of each data subject, created where there is none. One call per batch, not per event. */
  ensure(subjects: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>>;

  /** Keys by id. An id that is missing from the answer was shredded. */
  find(keyids: readonly string[]): Promise<ReadonlyMap<string, SubjectKey>>;

  /** Destroys every key of a data subject; answers how many. What was sealed with them stays sealed for ever. */
  shred(subject: string): Promise<number>;

  /** Secret of this installation for keyed hashes (32 bytes): pseudonyms and fingerprints. Never leaves the process. */
  readonly pepper: Buffer;

  close(): Promise<void>;
}

export interface SubjectKey {
  readonly id: string;
  readonly subject: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}
