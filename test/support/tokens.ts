import type { TouchlineProcess } from './touchline-process.ts';

export interface MadeToken {
  readonly id: string;
  readonly token: string;
}

/** As the administrator, at the service that makes tokens. */
export function makeToken(process: TouchlineProcess, name: string, expires?: string): Promise<MadeToken> {
  return process.json<MadeToken>('/v1/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'admin', expires }),
  });
}

/** Whether a service lets in whoever brings the token. Who asks often while it does not is held back as well. */
export async function letsIn(process: TouchlineProcess, token: string): Promise<boolean> {
  const status = await statusWith(process, token);
  if (status === 200) return true;
  if (status === 401 || status === 429) return false;
  throw new Error(`${process.origin} answered ${status}`);
}

/** What a service answers to whoever brings the token. */
export async function statusWith({ origin }: TouchlineProcess, token: string): Promise<number> {
  const answer = await fetch(new URL('/openapi.json', origin), {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}
