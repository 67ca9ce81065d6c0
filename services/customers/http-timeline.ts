import { Problem } from '@touchline/service-kit';

const DEADLINE_MS = 2_000;
const OTHER_TOKEN =
  'The timeline service refuses the token of this service: TOUCHLINE_ADMIN_TOKEN must be the same for both.';

/** The timeline service of the installation, asked over HTTP. */
export interface HttpTimeline {
  /**
   * Its answer to a `GET`, whatever its status. Throws the problem `unavailable` when it does not answer in time, or the
   * reason of `signal` when that aborts.
   */
  get(path: string, options?: { headers?: Record<string, string>; signal?: AbortSignal }): Promise<Response>;
}

export function httpTimeline(origin: string, token: string): HttpTimeline {
  return {
    async get(path, { headers = {}, signal } = {}) {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const answer = await fetch(new URL(path, origin), {
        headers: { authorization: `Bearer ${token}`, ...headers },
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      }).catch((cause: unknown) => {
        if (signal?.aborted) throw signal.reason;
        throw unavailable(cause);
      });
      if (answer.status === 401) throw new Problem('unavailable', { detail: OTHER_TOKEN });
      return answer;
    },
  };
}

export function unavailable(cause?: unknown): Problem {
  return new Problem('unavailable', {
    detail: 'The timeline service does not answer; what is meant cannot be checked.',
    headers: { 'retry-after': '1' },
    cause,
  });
}
