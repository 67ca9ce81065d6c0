import { uniqueName } from '../../../support/kafka.ts';
import { Child } from '../../measure/child.ts';
import { fillLog, inTemporaryFolder } from '../../measure/installation.ts';
import { paceOf } from '../../measure/pace.ts';
import { measureOf, startRelay } from '../../measure/relay-process.ts';
import type { Finding } from '../../measure/report.ts';
import { compete } from '../../measure/rounds.ts';
import type { KafkaBench } from './kafka-bench.ts';

const EVENTS = 100_000;
const EVENTS_PER_CUSTOMER = 20;
const PUBLISHED = 'touchline_relay_published_total{output="touchpoints"}';
const BARE = new URL('../../baselines/bare-producer.ts', import.meta.url);

/** A relay that catches up on an existing log, against a bare producer that sends the same bytes in the same batches. */
export const benchOut: KafkaBench = ({ rounds, scale, tell }, { kafka, messaging }) =>
  inTemporaryFolder(async (dataFolder) => {
    const events = Math.round(EVENTS * scale);
    await fillLog(dataFolder, events, Math.ceil(events / EVENTS_PER_CUSTOMER));
    let published = '';
    const relay = async (): Promise<number> => {
      const prefix = `${uniqueName('out')}.`;
      published = `${prefix}touchpoints.v1`;
      const running = await startRelay({ dataFolder, kafka: kafka.url, prefix });
      const pace = await paceOf(() => measureOf(running, PUBLISHED), events);
      await running.stop();
      return pace;
    };
    const bare = async (): Promise<number> => {
      const target = uniqueName('bare');
      await messaging.ensureTopics([{ topic: target, partitions: 12, retention: 'for-ever' }]);
      const child = new Child(BARE, [kafka.address, published, target, String(events)]);
      const { seconds } = await child.next<{ seconds: number }>();
      await child.stop();
      return events / seconds;
    };
    const contenders = [
      { name: 'relay', run: relay },
      { name: 'bare kafkajs producer', run: bare },
    ];
    const [ours, base] = await compete(contenders, rounds, tell);
    return finding(ours?.median ?? 0, base?.median ?? 1, events);
  });

function finding(ours: number, base: number, events: number): Finding {
  const ratio = ours / base;
  return {
    bench: 'kafka, out',
    result: ratio.toFixed(2),
    goal: '>= 0.6',
    met: ratio >= 0.6,
    figures: { 'relay, messages/s': ours, 'bare producer, messages/s': base, messages: events },
  };
}
