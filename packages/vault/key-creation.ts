import { VaultError } from './vault-error.ts';

/** Data subjects that may wait for a key at once, over all callers. */
const MAX_WAITING_SUBJECTS = 200_000;

/**
 * Group commit for new keys: while one transaction is under way, whatever else is asked for gathers for the next
 * one, so that any number of callers share a commit.
 */
export class KeyCreation {
  readonly #write: (subjects: readonly string[]) => Promise<unknown>;
  #underWay: Promise<unknown> | undefined;
  #gathered = new Set<string>();
  #next: Promise<void> | undefined;

  constructor(write: (subjects: readonly string[]) => Promise<unknown>) {
    this.#write = write;
  }

  /** Resolves when each data subject has had a durable key. */
  create(subjects: readonly string[]): Promise<void> {
    if (this.#gathered.size + subjects.length > MAX_WAITING_SUBJECTS) {
      const message = `More than ${MAX_WAITING_SUBJECTS} data subjects wait for a key.`;
      return Promise.reject(new VaultError('vault-overloaded', message));
    }
    for (const subject of subjects) this.#gathered.add(subject);
    this.#next ??= this.#writeNext();
    return this.#next;
  }

  async #writeNext(): Promise<void> {
    await this.#underWay?.catch(() => undefined);
    const subjects = [...this.#gathered];
    this.#gathered = new Set();
    this.#next = undefined;
    const write = this.#write(subjects);
    this.#underWay = write;
    await write;
  }
}
