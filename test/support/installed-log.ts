import { openBacking } from '@touchline/backing';
import type { RecordedTouchpoint } from '@touchline/journal';
import type { Installation } from './shapes.ts';

const PAGE_EVENTS = 2_000;

/** The whole log of an installation, opened, in its order: read from where it lies, past every process. */
export async function* readLogOf({
  dataFolder,
  settings,
}: Pick<Installation, 'dataFolder' | 'settings'>): AsyncGenerator<RecordedTouchpoint> {
  const backing = await openBacking({
    dataFolder,
    keyStore: settings.TOUCHLINE_KEY_STORE,
    masterKey: settings.TOUCHLINE_MASTER_KEY,
  });
  try {
    for (let after = 0n; ; ) {
      const page = await backing.journal.read({ after, limit: PAGE_EVENTS });
      const last = page.at(-1);
      if (last === undefined) return;
      yield* page;
      after = last.position;
    }
  } finally {
    await backing.close();
  }
}
