import type { Database } from 'better-sqlite3';
import type { NewEvent } from '../event-store.ts';
import { appendsOf, type GroupedAppend } from './commit-group.ts';
import { GroupOutcome } from './group-outcome.ts';
import type { SqliteLimits } from './limits.ts';
import { LogEnd } from './log-end.ts';
import { WriteLock } from './write-lock.ts';
import { prepareWrites, type StoredEvent, type WriteStatements } from './write-statements.ts';
import { ANY_VERSION, type CommitGroup, type CommittedGroup, NO_VERSION } from './writer-protocol.ts';

/** Turns groups of appends into transactions. Synchronous; lives in the writer thread. */
export class LogWriter {
  readonly #db: Database;
  readonly #sql: WriteStatements;
  readonly #lock: WriteLock;
  readonly #end: LogEnd;

  constructor(db: Database, limits: Pick<SqliteLimits, 'maxLockWaitMs' | 'maxCachedStreams'>) {
    // The lock does its own waiting.
    db.pragma('busy_timeout = 0');
    this.#db = db;
    this.#sql = prepareWrites(db);
    this.#lock = new WriteLock(this.#sql.begin, limits.maxLockWaitMs);
    this.#end = new LogEnd(this.#sql, limits.maxCachedStreams);
  }

  /**
   * Commits the group as one transaction. Each append is decided on its own, before its first event is inserted, so
   * a rejected one leaves nothing. Throws what SQLite throws; then nothing of the group is stored.
   */
  commit(group: CommitGroup): CommittedGroup {
    this.#lock.take();
    try {
      this.#end.refresh(group.now);
      const outcome = new GroupOutcome();
      for (const append of appendsOf(group)) {
        if (!this.#appendPlainly(append, outcome)) this.#appendCarefully(append, outcome);
      }
      this.#sql.commit.run();
      return outcome.committed;
    } catch (error) {
      this.#end.forget();
      if (this.#db.inTransaction) this.#sql.rollback.run();
      throw error;
    }
  }

  /** Lets other processes write. To be called between two groups, once the first is answered. */
  giveWay(): void {
    this.#lock.giveWay();
  }

  /** The usual append, one event that nobody has sent before, in one statement. Answers whether it was that. */
  #appendPlainly({ stream, expected, events }: GroupedAppend, outcome: GroupOutcome): boolean {
    const event = events[0];
    if (!event || events.length > 1) return false;
    const end = this.#end.stream(stream);
    if (!end || !isExpected(expected, end.version)) return false;
    const position = this.#end.insert(end, event);
    if (position === undefined) return false;
    outcome.stored(position, end.version);
    return true;
  }

  /** Any append: looks up every id, then decides, then inserts. */
  #appendCarefully(append: GroupedAppend, outcome: GroupOutcome): void {
    const { stream, expected, events } = append;
    const known = this.#find(events);
    const reused = findReuse(events, known);
    if (reused) {
      outcome.rejectReuse(append, reused.id);
      return;
    }
    const actual = this.#end.stream(stream)?.version ?? NO_VERSION;
    const isRepeat = events.every((event) => known.has(event.id));
    if (isRepeat || isExpected(expected, actual)) {
      for (const event of events) this.#appendOne(stream, event, known, outcome);
    } else {
      outcome.rejectRevision(append, actual);
    }
  }

  #appendOne(stream: string, event: NewEvent, known: Map<string, StoredEvent>, outcome: GroupOutcome): void {
    const repeated = known.get(event.id);
    if (repeated) {
      outcome.repeated(repeated[0], repeated[1]);
      return;
    }
    const end = this.#end.stream(stream) ?? this.#end.createStream(stream);
    const position = this.#end.insert(end, event);
    if (position === undefined) throw new Error('an event id appeared under the write lock');
    known.set(event.id, [position, end.version, event.fingerprint]);
    outcome.stored(position, end.version);
  }

  #find(events: readonly NewEvent[]): Map<string, StoredEvent> {
    const known = new Map<string, StoredEvent>();
    for (const { id } of events) {
      const stored = this.#end.find(id);
      if (stored) known.set(id, stored);
    }
    return known;
  }
}

function isExpected(expected: number, actual: number): boolean {
  return expected === ANY_VERSION || expected === actual;
}

/** The first event whose id stands for other content, in the log or earlier in the append. */
function findReuse(
  events: readonly NewEvent[],
  known: ReadonlyMap<string, StoredEvent>,
): NewEvent | undefined {
  const fingerprints = new Map<string, string>();
  return events.find(({ id, fingerprint }) => {
    const first = known.get(id)?.[2] ?? fingerprints.get(id);
    fingerprints.set(id, first ?? fingerprint);
    return first !== undefined && first !== fingerprint;
  });
}
