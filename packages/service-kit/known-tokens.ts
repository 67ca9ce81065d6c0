import { digestOf, type TokenSet } from '@touchline/access';
import type { Principal } from './access.ts';
import type { Clock } from './clock.ts';

/**
 * How long tokens count while the store cannot be read. Longer than a database takes to restart or to fail over; beyond it
 * nobody can say what was revoked meanwhile, and whoever cuts a service off from the store must not keep a token alive by it.
 */
export const MAX_BLIND_MS = 10 * 60 * 1000;
/** The revision while they do not count. */
const BLIND = -1;

interface Known {
  readonly principal: Principal;
  readonly expiresAt: number | undefined;
}

/** The tokens of the store, as hashes in memory: as they were when last read. */
export class KnownTokens {
  readonly #clock: Clock;
  #byDigest: ReadonlyMap<string, Known> = new Map();
  #byPrincipal: ReadonlyMap<string, Known> = new Map();
  #storeRevision: number | undefined;
  #revision = 0;
  #nextExpiry = Number.POSITIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #isRead = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Of the store when it was last read. */
  get storeRevision(): number | undefined {
    return this.#storeRevision;
  }

  /** Changes when a token was made or revoked, has expired, or does not count for now. */
  get revision(): number {
    const now = this.#clock.now();
    if (now >= this.#nextExpiry) this.#beginRevision(now);
    return this.#areCurrentAt(now) ? this.#revision : BLIND;
  }

  /** Whether tokens count: the store was read, and not too long ago. */
  get areCurrent(): boolean {
    return this.#areCurrentAt(this.#clock.now());
  }

  /** Whether a token that is not known here is none: the last reading did not fail. */
  get areComplete(): boolean {
    return this.#isRead && this.areCurrent;
  }

  /**
   * Whose token this is. Looked up by its hash, which need not take the same time for each: what a stopwatch tells of the
   * hash of a guess brings nobody closer to a token.
   */
  withToken(token: string): Principal | undefined {
    return this.#valid(this.#byDigest.get(digestOf(token)));
  }

  withPrincipal(id: string): Principal | undefined {
    return this.#valid(this.#byPrincipal.get(id));
  }

  /** The store was read; nothing when nothing has changed in it. */
  learn(set: TokenSet | undefined): void {
    this.#readAt = this.#clock.now();
    this.#isRead = true;
    if (set === undefined) return;
    const known = set.tokens.map(({ id, role, scopes, digest, expiresAt }) => {
      const principal: Principal = { id: `token:${id}`, role, scopes };
      return { digest, principal, expiresAt };
    });
    this.#byDigest = new Map(known.map((one) => [one.digest, one]));
    this.#byPrincipal = new Map(known.map((one) => [one.principal.id, one]));
    this.#storeRevision = set.revision;
    this.#beginRevision(this.#readAt);
  }

  /** The store could not be read. */
  missed(): void {
    this.#isRead = false;
  }

  #valid(known: Known | undefined): Principal | undefined {
    if (known === undefined) return undefined;
    const now = this.#clock.now();
    return this.#areCurrentAt(now) && now < (known.expiresAt ?? Number.POSITIVE_INFINITY)
      ? known.principal
      : undefined;
  }

  #areCurrentAt(now: number): boolean {
    return now - this.#readAt <= MAX_BLIND_MS;
  }

  /** What was answered before no longer counts. */
  #beginRevision(now: number): void {
    const ends = [...this.#byDigest.values()].flatMap(({ expiresAt }) => expiresAt ?? []);
    this.#nextExpiry = Math.min(...ends.filter((end) => end > now), Number.POSITIVE_INFINITY);
    this.#revision += 1;
  }
}
