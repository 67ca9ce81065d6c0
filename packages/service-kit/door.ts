import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccessTokens, Principal } from './access.ts';
import type { FailedAttempts } from './failed-attempts.ts';
import { hostGuard, isSameOrigin } from './origin.ts';
import { Problem } from './problem.ts';
import type { Sessions } from './sessions.ts';
import { signInPage } from './sign-in-page.ts';

type Done = (error?: Error) => void;
type Verdict = Principal | Problem | 'signs-in-by-link' | 'needs-the-sign-in-page';

export interface DoorOptions {
  readonly tokens: AccessTokens;
  readonly sessions: Sessions;
  readonly failures: FailedAttempts;
  /** What the server is bound to. */
  readonly host: string;
  /** Aborted when the server shuts down. */
  readonly shutdown: AbortSignal;
  /** Security headers of the sign-in page. */
  readonly pageHeaders: Readonly<Record<string, string>>;
}

/** Decides who comes in: the first hook of every route. */
export class Door {
  readonly #options: DoorOptions;
  readonly #isOurHost: (host: string | undefined) => boolean;
  /** The header a connection was let in with: repeating it on the same connection needs no further check. */
  readonly #letIn = new WeakMap<object, { header: string; revision: number; principal: Principal }>();

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#isOurHost = hostGuard(options.host) ?? (() => true);
  }

  /** Hook of routes that need no token. */
  readonly public = (request: FastifyRequest, _reply: FastifyReply, done: Done): void => {
    if (this.#isOurHost(request.raw.headers.host)) done();
    else done(misdirected());
  };

  /** Hook of all other routes. */
  readonly guarded = (request: FastifyRequest, reply: FastifyReply, done: Done): void => {
    const verdict = this.#judge(request);
    if (verdict instanceof Problem) done(verdict);
    else if (verdict === 'signs-in-by-link') this.#signInByLink(request, reply);
    else if (verdict === 'needs-the-sign-in-page') this.#showSignIn(reply);
    else {
      request.principal = verdict;
      done();
    }
  };

  /** Starts a session for a token that was typed into the sign-in page, or shows the page again. */
  signIn(request: FastifyRequest, reply: FastifyReply, token: string): void {
    const { tokens, sessions, failures } = this.#options;
    const principal = tokens.authenticate(token);
    if (principal !== undefined) {
      reply.header('set-cookie', sessions.start(principal)).redirect('/', 303);
      return;
    }
    const retryAfter = failures.record(addressOf(request));
    if (retryAfter > 0) throw tooManyAttempts(retryAfter);
    if (!tokens.isComplete) throw cannotTell();
    this.#showSignIn(reply, 'That token is not valid. · 令牌无效');
  }

  signOut(reply: FastifyReply): void {
    reply.header('set-cookie', this.#options.sessions.end()).redirect('/', 303);
  }

  #judge(request: FastifyRequest): Verdict {
    const { headers, url } = request.raw;
    if (this.#options.shutdown.aborted) return shuttingDown();
    if (!this.#isOurHost(headers.host)) return misdirected();
    if (headers.authorization !== undefined) return this.#byToken(request, headers.authorization);
    if (url?.startsWith('/?token=') === true) return 'signs-in-by-link';
    const principal =
      headers.cookie === undefined ? undefined : this.#options.sessions.principal(headers.cookie);
    if (principal !== undefined) {
      return isSameOrigin(request.method, headers) ? principal : new Problem('cross-site-request');
    }
    const wantsPage = request.method === 'GET' && headers.accept?.includes('text/html') === true;
    return wantsPage ? 'needs-the-sign-in-page' : unauthenticated('The request carries no token.');
  }

  #byToken(request: FastifyRequest, header: string): Principal | Problem {
    const { tokens } = this.#options;
    const { socket } = request.raw;
    const known = this.#letIn.get(socket);
    if (known?.header === header && known.revision === tokens.revision) return known.principal;
    const token = /^bearer +(\S+)$/i.exec(header)?.[1];
    const principal = token === undefined ? undefined : tokens.authenticate(token);
    if (principal === undefined) return this.#refuse(request);
    this.#letIn.set(socket, { header, revision: tokens.revision, principal });
    return principal;
  }

  #refuse(request: FastifyRequest): Problem {
    const { failures, tokens } = this.#options;
    const retryAfter = failures.record(addressOf(request));
    if (retryAfter > 0) return tooManyAttempts(retryAfter);
    if (!tokens.isComplete) return cannotTell();
    return unauthenticated('The token is not valid.', ', error="invalid_token"');
  }

  #signInByLink(request: FastifyRequest, reply: FastifyReply): void {
    const { token } = request.query as { token?: unknown };
    try {
      this.signIn(request, reply, typeof token === 'string' ? token : '');
    } catch (error) {
      reply.send(error);
    }
  }

  #showSignIn(reply: FastifyReply, message?: string): void {
    reply.code(401).headers(this.#options.pageHeaders);
    reply.headers({ 'www-authenticate': CHALLENGE, 'cache-control': 'no-store' });
    reply.type('text/html; charset=utf-8').send(signInPage(message));
  }
}

const CHALLENGE = 'Bearer realm="touchline"';

function addressOf(request: FastifyRequest): string {
  return request.raw.socket.remoteAddress ?? 'unknown';
}

function unauthenticated(detail: string, parameters = ''): Problem {
  return new Problem('unauthenticated', { detail, headers: { 'www-authenticate': CHALLENGE + parameters } });
}

function misdirected(): Problem {
  return new Problem('misdirected-request', { detail: 'The Host header must name this machine.' });
}

/** It may be a valid one: whoever is told that it is not would throw it away. */
function cannotTell(): Problem {
  const detail = 'Whether the token is valid cannot be told for now.';
  return new Problem('token-store-unavailable', { detail, headers: { 'retry-after': '5' } });
}

function tooManyAttempts(retryAfterSeconds: number): Problem {
  return new Problem('too-many-attempts', { headers: { 'retry-after': String(retryAfterSeconds) } });
}

function shuttingDown(): Problem {
  return new Problem('shutting-down', { headers: { 'retry-after': '5', connection: 'close' } });
}
