import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openBacking } from '@touchline/backing';
import { uniqueName } from '../../../support/kafka.ts';
import { eventAt, linesOf } from '../../measure/events.ts';
import { inTemporaryFolder } from '../../measure/installation.ts';
import { paceOf } from '../../measure/pace.ts';
import { startRelay } from '../../measure/relay-process.ts';
import { compete } from '../../measure/rounds.ts';
import { upload } from '../ndjson.ts';
import type { KafkaBench, KafkaPlace } from './kafka-bench.ts';

const TOUCHPOINTS = 50_000;
const TOUCHPOINTS_PER_CUSTOMER = 20;
const BATCH_MESSAGES = 1_000;
const PARTITIONS = 12;
const HEADERS = { 'content-type': 'application/cloudevents+json' };

/** A full topic taken in, until the log holds all of it, against the NDJSON door with the same touchpoints. */
export const benchIn: KafkaBench = ({ rounds, scale, tell }, place) =>
  inTemporaryFolder(async (folder) => {
    const touchpoints = Math.round(TOUCHPOINTS * scale);
    const customers = Math.ceil(touchpoints / TOUCHPOINTS_PER_CUSTOMER);
    const file = join(folder, 'lines.ndjson');
    await writeFile(file, Readable.from(linesOf(0, touchpoints, customers)));
    const topic = async (round: number): Promise<number> => {
      const prefix = `${uniqueName('in')}.`;
      await fill(`${prefix}intake.v1`, touchpoints, customers, place);
      return takeIn(join(folder, `relay-${round}`), prefix, touchpoints, place);
    };
    const door = (round: number): Promise<number> =>
      upload(join(folder, `intake-${round}`), file, touchpoints);
    const contenders = [
      { name: 'intake topic', run: topic },
      { name: 'POST /v1/events, NDJSON', run: door },
    ];
    const [ours, base] = await compete(contenders, rounds, tell);
    const ratio = (ours?.median ?? 0) / (base?.median ?? 1);
    return {
      bench: 'kafka, in',
      result: ratio.toFixed(2),
      goal: '>= 0.5',
      met: ratio >= 0.5,
      figures: {
        'intake topic, touchpoints/s': ours?.median ?? 0,
        'NDJSON, touchpoints/s': base?.median ?? 0,
        touchpoints,
      },
    };
  });

async function fill(
  topic: string,
  count: number,
  customers: number,
  { messaging }: KafkaPlace,
): Promise<void> {
  await messaging.ensureTopics([{ topic, partitions: PARTITIONS, retention: 'for-ever' }]);
  for (let start = 0; start < count; start += BATCH_MESSAGES) {
    const { length } = { length: Math.min(BATCH_MESSAGES, count - start) };
    const messages = Array.from({ length }, (_, at) => ({
      key: String(start + at),
      value: JSON.stringify(eventAt(start + at, customers)),
      headers: HEADERS,
    }));
    await messaging.publish(topic, messages);
  }
}

async function takeIn(
  dataFolder: string,
  prefix: string,
  count: number,
  { kafka }: KafkaPlace,
): Promise<number> {
  const relay = await startRelay({ dataFolder, kafka: kafka.url, prefix });
  const backing = await openBacking({ dataFolder });
  try {
    return await paceOf(async () => Number(await backing.journal.head()), count);
  } finally {
    await backing.close();
    await relay.stop();
  }
}
