import { z } from 'zod';

const problemDocument = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});

/** What a problem document says, to be put behind a status. */
export function describe(text: string): string {
  const problem = problemDocument.safeParse(jsonOrNothing(text));
  if (!problem.success) return '';
  const { title, detail = title, errors } = problem.data;
  const details = errors.map((error) => `\n  ${error.pointer} ${error.detail}`).join('');
  return detail === undefined ? details : `: ${detail}${details}`;
}

export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason, and what to do about a missing or wrong token. */
export function advise(status: number, reason: string): string {
  if (status !== 401 && status !== 403) return reason;
  return `${reason}\nGive a token with --token or TOUCHLINE_TOKEN, or run where the data folder's admin-token is.`;
}

/** Why no answer came. */
export function connectionProblem(error: unknown, url: string, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `${url} did not answer in ${timeoutMs / 1_000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED')
    return `nothing answers at ${url} (is Touchline running? "npm start" starts it)`;
  return `the connection to ${url} failed${code ? ` (${code})` : ''}`;
}
