import type { Backing } from '@touchline/backing';
import { generateSample } from '@touchline/cli/sample';
import type { ReadModelReader } from '@touchline/read-store';
import type { Touchpoint } from '@touchline/touchpoints';
import type { Logger } from 'pino';

/** Small enough to be there before the browser is, large enough to be worth a look. */
const CUSTOMERS = 200;
const EVENTS = 3_000;
const SEED = 1;
const BATCH_EVENTS = 500;
const MAX_WAIT_MS = 20_000;

type Needs = Pick<Backing, 'journal' | 'catalogue'> & { reader: ReadModelReader; logger: Logger };

/** Fills an empty log with a made-up company, so that the first page is alive. Answers how many touchpoints it recorded. */
export function sampleLoader(needs: Needs): () => Promise<number> {
  return () => loadSample(needs);
}

async function loadSample({ journal, catalogue, reader, logger }: Needs): Promise<number> {
  if ((await journal.head()) !== 0n) return 0;
  let batch: Touchpoint[] = [];
  let recorded = 0;
  const record = async (): Promise<void> => {
    for (const outcome of await journal.record(batch)) if (outcome.ok && !outcome.duplicate) recorded++;
    batch = [];
  };
  for (const event of generateSample({ customers: CUSTOMERS, events: EVENTS, seed: SEED })) {
    const parsed = catalogue.parse(event, { now: Date.now() });
    if (!parsed.ok)
      throw new Error(`the sample is not valid: ${parsed.errors[0]?.pointer} ${parsed.errors[0]?.detail}`);
    batch.push(parsed.touchpoint);
    if (batch.length === BATCH_EVENTS) await record();
  }
  await record();
  await reader.reached(await journal.head(), { signal: AbortSignal.timeout(MAX_WAIT_MS) }).catch(() => {
    logger.warn('the sample is recorded and not yet folded');
  });
  return recorded;
}
