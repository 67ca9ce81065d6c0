import {
  type Ask,
  askOfList,
  askOfRow,
  type ParkedRow,
  parkedTable,
  ReadStoreError,
  type Records,
  type Table,
} from '@touchline/read-store';
import { IDENTIFIER_KINDS, type IdentifierKind } from '@touchline/touchpoints';
import { membersOf } from './order.ts';
import {
  DECISIONS,
  type DecisionRow,
  FORMER_TIES,
  IDENTIFIERS,
  type IdentifierRow,
  LINKS,
  type LinkRow,
  TIES,
  type TieRow,
  UNDOS,
  type UndoRow,
} from './tables.ts';

/** Of more, a rebuild tells the past: what is held in memory must stay small. */
const MAX_IDENTIFIERS = 10_000;

export type Stored = Pick<Records<never>, 'load'>;

/**
 * Identifiers that ever had a say in who some of them are: closed over links, ties and decisions, former and present. Ends at
 * identifiers that were shared all the time they were met.
 */
export class Neighbourhood {
  /** Identifiers, with their rows where they have any. */
  readonly members = new Map<string, IdentifierRow | undefined>();
  /** Shared identifiers at the border. */
  readonly border = new Map<string, IdentifierRow>();
  /** What waits of a member that is parked. */
  readonly parked = new Map<string, ParkedRow>();
  /** By set. */
  readonly links = new Map<string, LinkRow>();
  readonly ties: TieRow[] = [];
  readonly undos = new Map<string, UndoRow>();
  readonly #stored: Stored;
  /** Who is looked at next, and the first link that leads there: 0 for what leads there in any case. */
  #ahead = new Map<string, number>();

  constructor(stored: Stored) {
    this.#stored = stored;
  }

  async explore(subjects: Iterable<string>): Promise<void> {
    for (const subject of subjects) this.#reach(subject, 0);
    while (this.#ahead.size > 0) {
      const reached = [...this.#ahead];
      this.#ahead = new Map();
      await this.#enter(reached);
    }
  }

  /** Whose streams hold every event that bears a member. */
  streams(): ReadonlySet<string> {
    const streams = new Set(this.members.keys());
    for (const { members } of this.links.values()) {
      const subjects = membersOf(members);
      const strongest = Math.min(...subjects.map((subject) => this.#rank(subject)));
      for (const subject of subjects) if (this.#rank(subject) === strongest) streams.add(subject);
    }
    return streams;
  }

  #rank(subject: string): number {
    const kind: IdentifierKind = (this.members.get(subject) ?? this.border.get(subject))?.kind ?? 'account';
    return IDENTIFIER_KINDS.indexOf(kind);
  }

  #reach(subject: string, at: number): void {
    if (this.members.has(subject)) return;
    this.#ahead.set(subject, Math.min(at, this.#ahead.get(subject) ?? at));
  }

  async #enter(reached: readonly (readonly [string, number])[]): Promise<void> {
    const rows = await this.#stored.load(reached.map(([subject]) => askOfRow(IDENTIFIERS, [subject])));
    const entered: string[] = [];
    for (const [place, [subject, at]] of reached.entries()) {
      const row = rows[place]?.[0] as IdentifierRow | undefined;
      if (row !== undefined && row.shared !== null && row.since < at) this.border.set(subject, row);
      else {
        this.border.delete(subject);
        this.members.set(subject, row);
        entered.push(subject);
      }
    }
    if (this.members.size + this.border.size > MAX_IDENTIFIERS)
      throw new ReadStoreError('repair-refused', `more than ${MAX_IDENTIFIERS} identifiers ever met`);
    await this.#follow(entered);
  }

  async #follow(subjects: readonly string[]): Promise<void> {
    const asks = (column: string, table: Table<never>) =>
      subjects.map((subject) => askOfList(table, column, subject));
    const load = async <Row>(...lists: Ask[][]) => (await this.#stored.load(lists.flat())).flat() as Row[];
    for (const row of await load<ParkedRow>(asks('subject', parkedTable))) this.parked.set(row.subject, row);
    for (const link of await load<LinkRow>(asks('subject', LINKS))) this.#followLink(link);
    const ties = await load<TieRow>(
      asks('subject', TIES),
      asks('owner', TIES),
      asks('subject', FORMER_TIES),
      asks('owner', FORMER_TIES),
    );
    for (const tie of ties) this.#followTie(tie);
    const decisions = await load<DecisionRow>(asks('party', DECISIONS), asks('otherParty', DECISIONS));
    for (const { party, otherParty } of decisions)
      for (const subject of [party, otherParty]) if (subject !== null) this.#reach(subject, 0);
    await this.learnUndos(decisions.map(({ eventid }) => eventid));
  }

  /** An undo may stand in any stream: it is known by its row. */
  async learnUndos(decisions: readonly string[]): Promise<void> {
    const undos = await this.#stored.load(decisions.map((eventid) => askOfRow(UNDOS, [eventid])));
    for (const undo of undos.flat() as UndoRow[]) this.undos.set(undo.eventid, undo);
  }

  #followLink(link: LinkRow): void {
    this.links.set(link.members, link);
    for (const member of membersOf(link.members)) this.#reach(member, link.position);
  }

  #followTie(tie: TieRow): void {
    this.ties.push(tie);
    this.#reach(tie.subject, 0);
    this.#reach(tie.owner, 0);
  }
}
