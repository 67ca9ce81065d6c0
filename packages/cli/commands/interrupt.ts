import { EXIT_CODES } from './command-error.ts';

/**
 * The first Ctrl-C (or SIGTERM) aborts the signal, so that the command ends in order; a second one ends it at once.
 */
export function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
