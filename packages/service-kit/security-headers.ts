import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import { SIGN_IN_STYLE_SOURCE } from './sign-in-page.ts';

type Headers = Readonly<Record<string, string>>;

/** For answers that are data: nothing in them may be run, framed or kept. */
export const DATA_HEADERS: Headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Helmet's headers for pages. They are the same for every request, but the plugin works them out anew each time, so
 * it is asked once. Pages load everything from this server; there is no build step, so no inline script and no nonce.
 */
export async function pageHeaders(): Promise<Headers> {
  const probe = Fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", SIGN_IN_STYLE_SOURCE],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Touchline speaks plain HTTP; whoever puts TLS in front of it also decides about HSTS.
    strictTransportSecurity: false,
    originAgentCluster: false,
    xFrameOptions: { action: 'deny' },
    // Without any referrer browsers hide the origin of a form, too, and the sign-in page could not be recognised.
    referrerPolicy: { policy: 'same-origin' },
  });
  probe.get('/', () => '');
  const { headers } = await probe.inject('/');
  await probe.close();
  const ofBody = new Set(['content-type', 'content-length', 'date', 'connection']);
  const constant = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (ofBody.has(name) ? [] : [[name, String(value)]])),
  );
  return { ...constant, 'cache-control': 'no-cache' };
}
