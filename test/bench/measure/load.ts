import autocannon from 'autocannon';
import { cpuOf } from './cpu.ts';
import { median } from './rounds.ts';

export interface Load {
  readonly url: string;
  /** Of the process that answers. */
  readonly pid: number;
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
  /** CPU an answer took in the process that gave it, and in this one, which asked: noise of others hardly moves these. */
  readonly serverMicroseconds: number;
  readonly clientMicroseconds: number;
}

/** Keeps all connections busy for some seconds. Every answer must be 2xx. `[<id>]` in a body becomes a fresh id. */
export async function load({ url, pid, seconds, connections, requests, headers }: Load): Promise<LoadResult> {
  const before = { server: cpuOf(pid), client: cpuOf(process.pid) };
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
  const answers = result['2xx'];
  return {
    perSecond: answers / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    serverMicroseconds: (cpuOf(pid) - before.server) / answers,
    clientMicroseconds: (cpuOf(process.pid) - before.client) / answers,
  };
}

/** CPU per answer, the median of all rounds: what a ratio would be on a machine where nobody else works. */
export function cpuFigures(
  costs: Readonly<Record<string, readonly LoadResult[]>>,
  unit: string,
): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, results] of Object.entries(costs)) {
    figures[`${name}, cpu us/${unit}`] = median(results.map((result) => result.serverMicroseconds));
    figures[`asking ${name}, cpu us/${unit}`] = median(results.map((result) => result.clientMicroseconds));
  }
  return figures;
}
