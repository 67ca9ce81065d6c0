/**
 * A failure of the projector for the log. Messages of foreign errors may quote what was being folded, which is personal;
 * those of our own failures (they have `isRetryable`) speak of technology only.
 */
export function failureWords(failure: unknown): { code: string; message: string } {
  const { code, name, message } = (failure ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  const isOurs = failure instanceof Error && 'isRetryable' in failure;
  const kind = String(name ?? typeof failure);
  const told = typeof code === 'string' ? code : undefined;
  return {
    code: told ?? 'internal',
    message: isOurs ? String(message) : told === undefined ? kind : `${kind} ${told}`,
  };
}
