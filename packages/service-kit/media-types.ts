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
