import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** Refuses with 406 when the `Accept` header allows none of the media types. */
export function assertAcceptable(request: FastifyRequest, mediaTypes: readonly string[]): void {
  const { accept } = request.raw.headers;
  if (accept === undefined || mediaTypes.some((type) => isAccepted(accept, type))) return;
  throw new Problem('not-acceptable', { detail: `This address answers ${mediaTypes.join(' or ')}.` });
}

function isAccepted(accept: string, mediaType: string): boolean {
  const family = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`;
  return accept.split(',').some((part) => {
    const [range, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (range !== mediaType && range !== family && range !== '*/*') return false;
    return !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** Refuses with 415 a body that is compressed: nothing here unpacks, so that nothing can be packed too well. */
export function assertNotEncoded({ raw }: FastifyRequest): void {
  const encoding = raw.headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new Problem('unsupported-media-type', { detail: 'Send the body without a content encoding.' });
}
