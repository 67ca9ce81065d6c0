import { z } from 'zod';
import type { Door } from './door.ts';
import { isSameOrigin } from './origin.ts';
import { Problem } from './problem.ts';
import type { App } from './service.ts';

const MAX_FORM_BYTES = 4096;
/** Whoever signs in is not known yet, and may not keep a connection by sending a form byte by byte. */
const MAX_FORM_MS = 10_000;

/** Where the sign-in page sends its form, in a scope of its own because only it reads forms. */
export function signInRoutes(app: App, door: Door): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('preParsing', ({ raw }, _reply, _payload, done) => {
    const timer = setTimeout(() => raw.socket.destroy(), MAX_FORM_MS);
    for (const event of ['end', 'close']) raw.once(event, () => clearTimeout(timer));
    done();
  });
  const form = { body: z.object({ token: z.string().max(1024) }), hide: true };
  app.post('/sign-in', { schema: form, config: { access: 'public', page: true } }, (request, reply) => {
    if (!isSameOrigin(request.method, request.raw.headers)) throw new Problem('cross-site-request');
    door.signIn(request, reply, request.body.token.trim());
  });
  app.post('/sign-out', { schema: { hide: true }, config: { page: true } }, (_request, reply) => {
    door.signOut(reply);
  });
}
