import type { AccessTokens, Principal } from './access.ts';
import type { KnownTokens } from './known-tokens.ts';

/** The administrator's token, which always counts, and beside it those in the store. */
export class StoredTokens implements AccessTokens {
  /** The administrator's, which every service knows: a session that one of them began is one for all, also after a restart. */
  readonly sessionSecret: Buffer;
  readonly #admin: AccessTokens;
  readonly #known: KnownTokens;

  constructor({ admin, known }: { admin: AccessTokens; known: KnownTokens }) {
    this.sessionSecret = admin.sessionSecret;
    this.#admin = admin;
    this.#known = known;
  }

  get revision(): number {
    return this.#known.revision;
  }

  get isComplete(): boolean {
    return this.#known.areComplete;
  }

  authenticate(token: string): Principal | undefined {
    return this.#admin.authenticate(token) ?? this.#known.withToken(token);
  }

  find(id: string): Principal | undefined {
    return this.#admin.find(id) ?? this.#known.withPrincipal(id);
  }
}
