const TIMEOUT_MS = 2_000;

/** Whether anything answers there at all. */
export async function isReachable(url: string): Promise<boolean> {
  try {
    await fetch(new URL('/health/live', url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return true;
  } catch {
    return false;
  }
}
