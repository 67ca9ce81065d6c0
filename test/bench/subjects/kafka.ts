import { openKafka } from '@touchline/messaging/kafka';
import { openKafkaForTests } from '../../support/kafka.ts';
import type { Bench } from '../main.ts';
import type { Finding } from '../measure/report.ts';
import { benchIdle } from './kafka/idle.ts';
import { benchIn } from './kafka/in.ts';
import { benchOut } from './kafka/out.ts';

/** The relay on a real broker: out, in, and at rest. */
export const bench: Bench = async (options) => {
  const kafka = await openKafkaForTests();
  if ('missing' in kafka) throw new Error(kafka.missing);
  const messaging = openKafka({ url: kafka.url, clientId: 'bench' });
  try {
    const findings: Finding[] = [];
    for (const one of [benchOut, benchIn, benchIdle]) findings.push(await one(options, { kafka, messaging }));
    return findings;
  } finally {
    await messaging.close();
    await kafka.close();
  }
};
