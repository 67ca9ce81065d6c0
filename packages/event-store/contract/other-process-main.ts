import type { EventStore } from '../event-store.ts';
import { OPENED, type RemoteAnswer, type RemoteCall } from './other-process.ts';

/** Runs in the other process: opens the log, does as it is told, closes the log when nobody speaks to it any more. */
const [module = '', argument = ''] = process.argv.slice(2);
const { openEventStore }: { openEventStore(argument: string): Promise<EventStore> } = await import(module);
const store = await openEventStore(argument);

process.on('message', ({ call, method, args }: RemoteCall) => {
  const perform = store[method] as (...args: readonly unknown[]) => Promise<unknown>;
  perform.apply(store, [...args]).then(
    (result) => answer({ call, answer: result }),
    (error: unknown) => answer({ call, error: String(error) }),
  );
});
process.on('disconnect', () => void store.close());
answer({ call: OPENED });

function answer(message: RemoteAnswer): void {
  process.send?.(message);
}
