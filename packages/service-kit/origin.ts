import type { IncomingHttpHeaders } from 'node:http';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

/** Whether a request that a cookie vouches for may change anything: only when a page of this server sent it. */
export function isSameOrigin(method: string, headers: IncomingHttpHeaders): boolean {
  if (SAFE_METHODS.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Whether the `Host` header names this server. Only asked of a server bound to the loopback, where any other name
 * means that a web page has pointed its own name at this machine (DNS rebinding).
 */
export function hostGuard(boundTo: string): ((host: string | undefined) => boolean) | undefined {
  if (!LOOPBACK.test(boundTo)) return undefined;
  let trusted: string | undefined;
  return (host) => {
    if (host === undefined) return false;
    if (host === trusted) return true;
    const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
    if (!LOOPBACK.test(name)) return false;
    trusted = host;
    return true;
  };
}
