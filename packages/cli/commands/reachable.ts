import { CommandError } from './command-error.ts';

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

export function notRunning(url: string): CommandError {
  return new CommandError(
    'failed',
    `Nothing answers at ${url}: is Touchline running? "npm start" starts it.`,
  );
}
