import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AccessTokens, Principal } from './access.ts';
import type { Clock } from './clock.ts';

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Browser sessions as signed cookies: nothing is kept, so they survive a restart and take no memory. A session ends
 * with its time or with the principal's token. The cookie is named after the port, because browsers share cookies between ports of one host.
 */
export class Sessions {
  readonly #tokens: AccessTokens;
  readonly #clock: Clock;
  readonly #cookie: string;

  constructor(options: { tokens: AccessTokens; clock: Clock; port: number }) {
    this.#tokens = options.tokens;
    this.#clock = options.clock;
    this.#cookie = `touchline_session_${options.port}`;
  }

  /** The `Set-Cookie` value that starts a session. */
  start(principal: Principal): string {
    const payload = `${Buffer.from(principal.id).toString('base64url')}.${this.#clock.now() + LIFETIME_MS}`;
    const value = `${payload}.${this.#sign(payload)}`;
    return `${this.#cookie}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LIFETIME_MS / 1000}`;
  }

  /** The `Set-Cookie` value that ends a session. */
  end(): string {
    return `${this.#cookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
  }

  /** Whose session the `Cookie` header carries. */
  principal(cookieHeader: string): Principal | undefined {
    const value = cookieValue(cookieHeader, this.#cookie);
    const [id, until, signature, ...rest] = value?.split('.') ?? [];
    if (id === undefined || until === undefined || signature === undefined || rest.length > 0)
      return undefined;
    const expected = Buffer.from(this.#sign(`${id}.${until}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    if (Number(until) <= this.#clock.now()) return undefined;
    return this.#tokens.find(Buffer.from(id, 'base64url').toString());
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#tokens.sessionSecret).update(payload).digest('base64url');
  }
}

function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}
