import autocannon from 'autocannon';

export interface Load {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly requests: readonly {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface LoadResult {
  /** Answers with a 2xx status per second. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Keeps all connections busy for some seconds. Every answer must be 2xx. `[<id>]` in a body becomes a fresh id. */
export async function load({ url, seconds, connections, requests, headers }: Load): Promise<LoadResult> {
  const result = await autocannon({
    url,
    duration: seconds,
    connections,
    headers: { ...headers },
    idReplacement: true,
    requests: requests.map((request) => ({ ...request, headers: { ...headers, ...request.headers } })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} connections failed`);
  return {
    perSecond: result['2xx'] / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
}
