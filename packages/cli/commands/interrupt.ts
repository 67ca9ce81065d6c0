import { EXIT_CODES } from './command-error.ts';

/**
 * The first Ctrl-C (or SIGTERM) aborts the signal, so that the command ends in order; a second one ends it at once.
 */
export function stopOnInterrupt(onStop: () => void): AbortSignal & Disposable {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
    onStop();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  return Object.assign(controller.signal, {
    [Symbol.dispose]: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  });
}
