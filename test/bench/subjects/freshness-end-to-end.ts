import { setTimeout as delay } from 'node:timers/promises';
import { openKafka } from '@touchline/messaging/kafka';
import { type KafkaForTests, openKafkaForTests, uniqueName } from '../../support/kafka.ts';
import { note } from '../../support/sample-events.ts';
import { idOf, TopicReader } from '../../support/topic-reader.ts';
import { TouchlineProcess } from '../../support/touchline-process.ts';
import { until } from '../../support/until.ts';
import type { BenchOptions } from '../main.ts';
import { inTemporaryFolder } from '../measure/installation.ts';
import { startRelay } from '../measure/relay-process.ts';
import type { Finding } from '../measure/report.ts';
import { quantile } from '../measure/rounds.ts';

const POSTS_PER_SECOND = 200;
const POSTS = 4_000;
/** Before what is counted: connections, groups and code get warm. */
const WARM_UP_POSTS = 400;
const ACCOUNTS = 20;
const ANSWERS_MS = 60_000;
const GOAL_MS = 100;

interface Way {
  readonly intake: TouchlineProcess;
  readonly timeline: TouchlineProcess;
  /** Customers of the accounts. */
  readonly customers: readonly string[];
}

/**
 * One process per service at a steady pace: from the answer to a post until the entry is on the page of another process, and
 * until a consumer of the topic has the message. Posts do not wait for each other.
 */
export async function freshnessEndToEnd({ scale, tell }: BenchOptions): Promise<Finding> {
  const kafka = await openKafkaForTests();
  if ('missing' in kafka) throw new Error(kafka.missing);
  try {
    return await inTemporaryFolder((dataFolder) => measure(dataFolder, kafka, { scale, tell }));
  } finally {
    await kafka.close();
  }
}

async function measure(
  dataFolder: string,
  kafka: KafkaForTests,
  { scale, tell }: Pick<BenchOptions, 'scale' | 'tell'>,
): Promise<Finding> {
  const prefix = `${uniqueName('freshness')}.`;
  const environment = { TOUCHLINE_LOG_LEVEL: 'warn' };
  const intake = await TouchlineProcess.start({ service: 'intake', dataFolder, environment });
  const timeline = await TouchlineProcess.start({ service: 'timeline', dataFolder, environment });
  const relay = await startRelay({ dataFolder, kafka: kafka.url, prefix, timeline });
  const messaging = openKafka({ url: kafka.url, clientId: 'bench' });
  const heard = new Map<string, number>();
  await TopicReader.open(messaging, `${prefix}touchpoints.v1`, (message) =>
    heard.set(idOf(message), performance.now()),
  );
  try {
    const way = { intake, timeline, customers: await meet(intake, timeline) };
    await postSteadily(way, 'warm', Math.round(WARM_UP_POSTS * scale));
    const posts = Math.round(POSTS * scale);
    const sent = await postSteadily(way, 'post', posts);
    await until(() => sent.every(({ id }) => heard.has(id)), 'every message is heard', ANSWERS_MS);
    tell(`  ${posts} posts at ${POSTS_PER_SECOND} a second`);
    const onTopic = sent.map(({ id, answeredAt }) => Math.max(0, (heard.get(id) ?? 0) - answeredAt));
    return finding(
      sent.map(({ shownMs }) => shownMs),
      onTopic,
    );
  } finally {
    await messaging.close();
    await Promise.all([relay, timeline, intake].map((process) => process.stop()));
  }
}

function finding(shown: readonly number[], onTopic: readonly number[]): Finding {
  const slower = Math.max(quantile(shown, 0.5), quantile(onTopic, 0.5));
  return {
    bench: 'freshness, end to end',
    result: `${slower.toFixed(1)} ms`,
    goal: `both medians <= ${GOAL_MS} ms`,
    met: slower <= GOAL_MS,
    figures: {
      'to the timeline, median ms': quantile(shown, 0.5),
      'to the timeline, p99 ms': quantile(shown, 0.99),
      'to the topic, median ms': quantile(onTopic, 0.5),
      'to the topic, p99 ms': quantile(onTopic, 0.99),
      'posts a second': POSTS_PER_SECOND,
      posts: shown.length,
    },
  };
}

const accountOf = (at: number): string => `account:shop:${at % ACCOUNTS}`;

async function meet(intake: TouchlineProcess, timeline: TouchlineProcess): Promise<readonly string[]> {
  const customers: string[] = [];
  for (let at = 0; at < ACCOUNTS; at++) {
    const answer = await intake.post(note(`first-${at}`, { subject: accountOf(at) }));
    const { position } = (await answer.json()) as { position: string };
    const path = `/v1/customers?identifier=${encodeURIComponent(accountOf(at))}`;
    const headers = { 'touchline-min-position': position };
    const { items } = await timeline.json<{ items: { customerid: string }[] }>(path, { headers });
    customers.push(items[0]?.customerid ?? '');
  }
  return customers;
}

interface Sent {
  readonly id: string;
  readonly answeredAt: number;
  /** Until the entry was read. */
  readonly shownMs: number;
}

async function postSteadily(way: Way, name: string, count: number): Promise<readonly Sent[]> {
  const start = performance.now();
  const sent: Promise<Sent>[] = [];
  for (let at = 0; at < count; at++) {
    await delay(Math.max(0, start + (at * 1_000) / POSTS_PER_SECOND - performance.now()));
    sent.push(postOne(way, `${name}-${at}`, at));
  }
  return Promise.all(sent);
}

async function postOne({ intake, timeline, customers }: Way, id: string, at: number): Promise<Sent> {
  const answer = await intake.post(note(id, { subject: accountOf(at) }));
  const { position } = (await answer.json()) as { position: string };
  const answeredAt = performance.now();
  const headers = { 'touchline-min-position': position };
  const page = await timeline.fetch(`/v1/customers/${customers[at % ACCOUNTS]}/timeline?limit=1`, {
    headers,
  });
  if (!page.ok) throw new Error(`the timeline answered ${page.status}: ${await page.text()}`);
  await page.arrayBuffer();
  return { id, answeredAt, shownMs: performance.now() - answeredAt };
}
