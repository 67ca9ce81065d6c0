import type { Rows } from '@touchline/read-store';
import { membersOf } from './order.ts';
import {
  DECISIONS,
  type DecisionRow,
  IDENTIFIERS,
  type IdentifierRow,
  LINKS,
  type LinkRow,
  TIES,
  type TieRow,
} from './tables.ts';

/** Part of the tables that nothing outside can influence: closed over links, refused or not, ties and decisions. */
export interface Region {
  readonly identifiers: ReadonlyMap<string, IdentifierRow>;
  readonly shared: ReadonlySet<string>;
  /** By set. */
  readonly links: ReadonlyMap<string, LinkRow>;
  /** By reference subject. */
  readonly ties: ReadonlyMap<string, TieRow>;
  /** Active ones, by event id. */
  readonly decisions: ReadonlyMap<string, DecisionRow>;
}

/** The region around `seeds`. Links end at shared identifiers; only those of `opened` seeds are followed. */
export function regionAround(rows: Rows, seeds: Iterable<string>, opened: ReadonlySet<string>): Region {
  return new Explorer(rows, opened).explore(seeds);
}

class Explorer implements Region {
  readonly identifiers = new Map<string, IdentifierRow>();
  readonly shared = new Set<string>();
  readonly links = new Map<string, LinkRow>();
  readonly ties = new Map<string, TieRow>();
  readonly decisions = new Map<string, DecisionRow>();
  readonly #rows: Rows;
  readonly #opened: ReadonlySet<string>;
  readonly #ahead: string[] = [];

  constructor(rows: Rows, opened: ReadonlySet<string>) {
    this.#rows = rows;
    this.#opened = opened;
  }

  explore(seeds: Iterable<string>): Region {
    this.#ahead.push(...seeds);
    for (let next = this.#ahead.pop(); next !== undefined; next = this.#ahead.pop()) this.#enter(next);
    return this;
  }

  #enter(subject: string): void {
    if (this.identifiers.has(subject)) return;
    const row = this.#rows.get(IDENTIFIERS, subject);
    if (row === undefined) return;
    this.identifiers.set(subject, row);
    if (row.shared !== null) this.shared.add(subject);
    if (row.kind === 'reference') this.#followTie(this.#rows.get(TIES, subject));
    else this.#followSightings(row);
    if (row.decided > 0) this.#followDecisions(subject);
  }

  #followSightings({ subject, shared, firstAt }: IdentifierRow): void {
    if (shared === null || this.#opened.has(subject)) {
      for (const link of this.#rows.list(LINKS, 'subject', subject)) this.#followLink(link);
    }
    if (firstAt === null) return;
    for (const tie of this.#rows.list(TIES, 'owner', subject)) this.#followTie(tie);
  }

  #followLink(link: LinkRow): void {
    if (this.links.has(link.members)) return;
    this.links.set(link.members, link);
    for (const member of membersOf(link.members)) {
      const row = this.#rows.get(IDENTIFIERS, member);
      if (row === undefined || row.shared === null) this.#ahead.push(member);
      else this.shared.add(member);
    }
  }

  #followTie(tie: TieRow | undefined): void {
    if (tie === undefined || this.ties.has(tie.subject)) return;
    this.ties.set(tie.subject, tie);
    this.#ahead.push(tie.subject, tie.owner);
  }

  #followDecisions(subject: string): void {
    const asParty = this.#rows.list(DECISIONS, 'party', subject);
    for (const decision of [...asParty, ...this.#rows.list(DECISIONS, 'otherParty', subject)]) {
      if (decision.active === 0 || this.decisions.has(decision.eventid)) continue;
      this.decisions.set(decision.eventid, decision);
      this.#ahead.push(decision.party);
      if (decision.otherParty !== null) this.#ahead.push(decision.otherParty);
    }
  }
}
