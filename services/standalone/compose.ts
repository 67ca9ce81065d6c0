import { openBacking } from '@touchline/backing';
import { customers } from '@touchline/customers';
import { intake } from '@touchline/intake';
import { openRelay, relay } from '@touchline/relay';
import { ReadModels, replay } from '@touchline/replay';
import { type ProcessContext, systemClock } from '@touchline/service-kit';
import {
  customerDirectory,
  customerFeed,
  startFolding,
  timeline,
  timelineReadModel,
} from '@touchline/timeline';
import { pageService } from './page/page-routes.ts';
import { Sample } from './sample.ts';
import { status } from './status-service.ts';

/** Every service on one data folder, which no other standalone process may use at the same time. */
export async function composeStandalone({ config, logger, masterKey, tokens }: ProcessContext) {
  const { dataFolder, eventStore, keyStore, readStore } = config;
  const setup = { dataFolder, eventStore, keyStore, readStore, masterKey };
  const backing = await openBacking({ ...setup, exclusive: true });
  const { journal, keyRing, catalogue } = backing;
  const reader = await backing.readStore.openReader(timelineReadModel(catalogue, journal));
  const { jobs } = backing.readStore;
  const folding = startFolding({ setup, jobs, journal, keepGenerations: config.keepGenerations, logger });
  const readModels = new ReadModels({ ...backing, clock: systemClock });
  readModels.watch();
  const { kafka } = config;
  const relayed =
    kafka === undefined
      ? undefined
      : await openRelay({ config, kafka, logger, backing, customers: customerFeed(reader) });
  const sample = new Sample({ ...backing, reader, logger });
  const directory = customerDirectory(reader, { journal, catalogue });
  const positions = {
    current: () => reader.position(),
    reached: (position: bigint, signal: AbortSignal) => reader.reached(position, { signal }),
  };
  return {
    services: [
      { service: intake, backing: { journal, keyRing, catalogue, clock: systemClock } },
      { service: timeline, backing: { reader, catalogue, journal, measures: folding.measures } },
      { service: customers, backing: { journal, catalogue, directory, positions, clock: systemClock } },
      { service: replay, backing: { ...backing, readModels, tokens, clock: systemClock } },
      // Without its checks: everything else serves on while the broker is away.
      ...(relayed === undefined ? [] : [{ service: relay, backing: { relay: relayed.relay, checks: [] } }]),
      { service: status, backing: { journal, reader } },
      { service: pageService, backing: undefined },
    ],
    loadSample: () => sample.load(),
    async close(): Promise<void> {
      await sample.close();
      await relayed?.close();
      readModels.close();
      await folding.close();
      await backing.close();
    },
  } as const;
}
