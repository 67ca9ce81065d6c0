import type { IdentifierKey, IdentifierKind } from '@touchline/touchpoints';
import type { IdentityEvent } from './identity-event.ts';
import { createIdentityProjection } from './identity-projection.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { compareText } from './order.ts';
import { CUSTOMERS, IDENTIFIERS, IDENTITY_TABLES, REVIEWS } from './tables.ts';

interface StoryEvent extends IdentityEvent {
  readonly plain: readonly string[];
}

interface When {
  /** Default: in the order told. */
  readonly at?: number;
  readonly about?: readonly string[];
  readonly erased?: boolean;
}

const projection = createIdentityProjection<StoryEvent>({ plainIdentifiers: (event) => event.plain });

/** A history told event by event, for tests. Subject ids are the identifiers themselves. */
export class Story {
  readonly rows = new InMemoryRows(IDENTITY_TABLES);
  #told = 0;

  /** A touchpoint; identifiers strongest first. Answers its event id. */
  sees(identifiers: readonly string[], { at, about = [], erased = false }: When = {}): string {
    const named = identifiers.length > 0 ? identifiers : about;
    return this.#tell(named, { type: 'touchline.note.added.v1', data: { about } }, erased ? [] : named, at);
  }

  merges(a: string, b: string): string {
    return this.#decide('party.merged', [a, b]);
  }

  forbids(a: string, b: string): string {
    return this.#decide('party.nomerge-declared', [a, b]);
  }

  declaresShared(identifier: string): string {
    return this.#decide('identifier.marked-shared', [identifier]);
  }

  undoes(decision: string): string {
    return this.#decide('party.unmerged', [], decision);
  }

  /** Members of each customer, sorted. */
  get customers(): string[][] {
    const groups = Map.groupBy(this.rows.all(IDENTIFIERS), (row) => row.customer);
    return [...groups.values()].map((members) => members.map((row) => row.subject)).sort(byFirst);
  }

  /** The customer an id stands for. */
  customerOf(subject: string): string {
    return projection.customerOf(subject, this.rows);
  }

  get names(): string[] {
    return this.rows.all(CUSTOMERS).map((row) => row.customer);
  }

  get reviews(): string[] {
    return this.rows
      .all(REVIEWS)
      .map((row) => `${row.members} (${row.why}: ${row.detail.join()}) by ${row.eventid}`);
  }

  #decide(name: string, parties: readonly string[], decision?: string): string {
    const touchpoint = { type: `touchline.${name}.v1`, authid: 'ann', data: { reason: 'because', decision } };
    return this.#tell(parties, touchpoint, parties);
  }

  #tell(
    named: readonly string[],
    touchpoint: IdentityEvent['touchpoint'],
    plain: readonly string[],
    at?: number,
  ): string {
    this.#told += 1;
    const [position, eventid, subject] = [BigInt(this.#told), `event-${this.#told}`, named[0] ?? 'nobody'];
    const [happenedAt, version, recordedAt] = [at ?? this.#told * 10, this.#told, this.#told];
    const identifiers = named.map(keyOf);
    projection.fold(
      { position, eventid, subject, happenedAt, version, recordedAt, identifiers, touchpoint, plain },
      this.rows,
    );
    return eventid;
  }
}

function keyOf(uri: string): IdentifierKey {
  const [scheme = '', owner = ''] = uri.split(':');
  if (scheme === 'account') return { subject: uri, kind: 'account', owner };
  const kind = ['mailto', 'tel', 'cookie'].includes(scheme) ? (scheme as IdentifierKind) : 'reference';
  return { subject: uri, kind };
}

function byFirst(a: readonly string[], b: readonly string[]): number {
  return compareText(a[0] ?? '', b[0] ?? '');
}
