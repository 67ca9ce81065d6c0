import { setImmediate as turn } from 'node:timers/promises';
import { adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { expect, test } from 'vitest';
import { FoldingMeasures } from './folding-measures.ts';
import { timeline } from './timeline-service.ts';

const TOKEN = 'test-token-0123456789';

async function shown(measures: FoldingMeasures): Promise<string> {
  const app = await createServer({
    services: [{ service: timeline, backing: { measures } as never }],
    access: adminTokens(TOKEN),
    logger: createLogger({ level: 'silent' }),
    config: { host: '127.0.0.1', port: 0 },
  });
  const { body } = await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } });
  await app.close();
  return body;
}

test('steps that hold what the log counts skip nothing; one that lacks some says how many', async () => {
  const measures = new FoldingMeasures({
    counting: 'exact',
    count: async ({ after = 0n, upTo = 0n } = {}) => Number(upTo - after),
  });
  measures.step({ from: 0n, position: 20n, events: 20, repeats: 0, caughtUp: false });
  measures.step({ from: 20n, position: 20n, events: 0, repeats: 0, caughtUp: true });
  await turn();
  expect(await shown(measures)).toMatch(/^touchline_projector_skipped_events_total 0$/m);
  measures.step({ from: 20n, position: 25n, events: 3, repeats: 1, caughtUp: true });
  measures.failure('read-store-full');
  await turn();
  const text = await shown(measures);
  expect(text).toMatch(/^touchline_projector_skipped_events_total 2$/m);
  expect(text).toMatch(/^touchline_projector_folded_events_total 23$/m);
  expect(text).toMatch(/^touchline_projector_repeated_events_total 1$/m);
  expect(text).toMatch(/^touchline_projector_failures_total\{code="read-store-full"\} 1$/m);
});

test('a log that cannot be asked is no reason to fail', async () => {
  const measures = new FoldingMeasures({
    counting: 'exact',
    count: () => Promise.reject(new Error('closed')),
  });
  measures.step({ from: 0n, position: 5n, events: 5, repeats: 0, caughtUp: true });
  await turn();
  expect(await shown(measures)).toMatch(/^touchline_projector_skipped_events_total 0$/m);
});

test('of a log that counts by estimate nothing is said to be skipped', async () => {
  const measures = new FoldingMeasures({ counting: 'estimate', count: async () => 99 });
  measures.step({ from: 0n, position: 5n, events: 5, repeats: 0, caughtUp: true });
  await turn();
  expect(await shown(measures)).toMatch(/^touchline_projector_skipped_events_total 0$/m);
});
