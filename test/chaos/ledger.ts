/** A touchpoint that was acknowledged. */
export interface Acknowledged {
  readonly account: string;
  readonly id: string;
  readonly eventid: string;
  readonly position: bigint;
}

/** What the installation has promised by its answers: every one of them is held against it later. */
export class Ledger {
  readonly #byId = new Map<string, Acknowledged>();
  readonly #byAccount = new Map<string, Acknowledged[]>();
  /** Body that counts now, by event id. */
  readonly corrected = new Map<string, object>();
  readonly retracted = new Set<string>();
  /** Data subjects whose events could not be read, until that was mended and they were retried, milliseconds since the epoch. */
  readonly #troubledUntil = new Map<string, number>();
  /** Everybody who is to find something wrong says so here. */
  readonly findings: string[] = [];
  readonly counts = new Map<string, number>();

  /** A repeat has to be told the same. */
  acknowledge(entry: Acknowledged): void {
    this.count('acknowledged');
    const known = this.#byId.get(entry.id);
    if (known !== undefined) {
      this.count('repeated');
      if (known.position !== entry.position || known.eventid !== entry.eventid)
        this.find(`${entry.id} was acknowledged at ${known.position} and then at ${entry.position}`);
      return;
    }
    this.#byId.set(entry.id, entry);
    const of = this.#byAccount.get(entry.account) ?? [];
    this.#byAccount.set(entry.account, of);
    of.push(entry);
  }

  get accounts(): readonly string[] {
    return [...this.#byAccount.keys()];
  }

  get ids(): readonly string[] {
    return [...this.#byId.keys()];
  }

  /** In the order of acknowledgement. */
  of(account: string): readonly Acknowledged[] {
    return this.#byAccount.get(account) ?? [];
  }

  /** What has to be readable on the account's timeline as of `position`, retracted entries left out. */
  readableAt(account: string, position: bigint): readonly string[] {
    return this.of(account)
      .filter((entry) => entry.position <= position && !this.retracted.has(entry.eventid))
      .map(({ id }) => id);
  }

  trouble(subjects: readonly string[]): void {
    for (const subject of subjects) this.#troubledUntil.set(subject, Number.POSITIVE_INFINITY);
  }

  untrouble(subjects: readonly string[]): void {
    for (const subject of subjects) this.#troubledUntil.set(subject, Date.now());
  }

  /** Data subjects in trouble at that time or later. */
  troubledSince(time: number): readonly string[] {
    return [...this.#troubledUntil].flatMap(([subject, until]) => (until >= time ? subject : []));
  }

  find(finding: string): void {
    this.findings.push(finding);
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  summary(): string {
    const sorted = [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([what, count]) => `${what} ${count}`).join(', ');
  }
}
