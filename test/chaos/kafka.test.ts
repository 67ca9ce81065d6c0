import { randomInt } from 'node:crypto';
import type { Messaging } from '@touchline/messaging';
import { openKafka } from '@touchline/messaging/kafka';
import { afterAll, expect, test } from 'vitest';
import { Engines } from '../support/engines.ts';
import { installDistributed } from '../support/every-shape.ts';
import { readLogOf } from '../support/installed-log.ts';
import { seededRandom } from '../support/seeded-random.ts';
import type { Installation } from '../support/shapes.ts';
import { idOf, outOfOrder, TopicReader } from '../support/topic-reader.ts';
import { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';
import { missingFrom, repeatedIn } from './compare.ts';
import { feed } from './kafka/feed.ts';
import { letHappen, type Mishap, shuffled } from './kafka/mishaps.ts';
import { Traffic } from './kafka/traffic.ts';

/** 200,000 take some minutes; the promises are the same. */
const TOUCHPOINTS = Number(process.env.TOUCHLINE_CHAOS_MESSAGES ?? 20_000);
const seed = Number(process.env.TOUCHLINE_TEST_SEED ?? randomInt(2 ** 31));
const PATIENCE_MS = 240_000 + TOUCHPOINTS * 4;
const TEST_MS = 2 * PATIENCE_MS;
const PAGE_ENTRIES = 500;
const NAME = `through broker, relay and timeline killed twice each and a relay that joins and leaves, ${TOUCHPOINTS} touchpoints go in by a topic and out by another (seed ${seed})`;

const engines = await Engines.openMortal();
if ('missing' in engines) test.skip(`${NAME}: ${engines.missing}`, () => {});
else {
  afterAll(() => engines.close());
  test(NAME, () => endure(engines), TEST_MS);
}

type MortalEngines = Exclude<Awaited<ReturnType<typeof Engines.openMortal>>, { missing: string }>;

async function endure(engines: MortalEngines): Promise<void> {
  const random = seededRandom(seed);
  const traffic = new Traffic(TOUCHPOINTS, random);
  const touchline = await installDistributed(engines);
  const messaging = openKafka({ url: engines.kafka.url, clientId: 'chaos' });
  try {
    const { out, rejected, seconds } = await carry(traffic, { touchline, messaging, engines, random });
    await holdLog(traffic, touchline);
    const ids = out.messages.map(idOf);
    const repeats = repeatedIn(ids).length;
    expect(missingFrom(ids, traffic.valid), 'in the log and not published').toEqual([]);
    expect(missingFrom(traffic.valid, ids), 'published and never sent').toEqual([]);
    expect(outOfOrder(out.messages), 'keys out of order').toEqual([]);
    const refused = rejected.messages.map(({ key }) => key);
    expect([...new Set(refused)].sort(), 'rejected').toEqual(traffic.invalid.toSorted());
    await holdTimelines(traffic, touchline);
    const { length } = traffic.messages;
    process.stderr.write(
      `${length} messages (${traffic.valid.length} valid, ${traffic.invalid.length} invalid) in and out in ${seconds.toFixed(0)} s; ` +
        `published again: ${repeats}, rejected again: ${repeatedIn(refused).length}\n`,
    );
  } finally {
    await messaging.close();
    await touchline.close();
  }
}

interface Carrying {
  readonly touchline: Installation;
  readonly messaging: Messaging;
  readonly engines: MortalEngines;
  readonly random: () => number;
}

/** Everything in, and out again, with all that happens meanwhile. */
async function carry(traffic: Traffic, { touchline, messaging, engines, random }: Carrying) {
  const topic = (name: string): string => `${touchline.settings.TOUCHLINE_KAFKA_PREFIX}${name}`;
  const gone = new Set<string>();
  const out = await TopicReader.open(messaging, topic('touchpoints.v1'), (one) => gone.add(idOf(one)));
  const rejected = await TopicReader.open(messaging, topic('intake.rejected.v1'));
  const start = performance.now();
  const share = () => gone.size / traffic.valid.length;
  const feeding = feed(messaging, topic('intake.v1'), traffic.messages, PATIENCE_MS);
  const happening = letHappen(mishaps(touchline, engines, random), { random, share, withinMs: PATIENCE_MS });
  await Promise.all([feeding, happening]);
  await until(() => share() === 1, 'everything is published', PATIENCE_MS);
  const refused = () => new Set(rejected.messages.map(({ key }) => key)).size;
  await until(() => refused() >= traffic.invalid.length, 'everything invalid is rejected', PATIENCE_MS);
  const seconds = (performance.now() - start) / 1_000;
  return { out, rejected, seconds };
}

/** In an order that the random numbers choose. A relay that joined leaves later. */
function mishaps(touchline: Installation, { kafka }: MortalEngines, random: () => number): readonly Mishap[] {
  const kill = (service: string): Mishap => ({
    name: `${service} killed and started again`,
    happen: () => touchline.crash(service),
  });
  const broker: Mishap = {
    name: 'broker killed and started again',
    async happen() {
      await kafka.broker.stop('crash');
      await kafka.broker.start();
    },
  };
  let second: TouchlineProcess | undefined;
  const joins: Mishap = {
    name: 'a second relay joins',
    async happen() {
      const timeline = touchline.at('/v1/customers').origin;
      const environment = { ...touchline.settings, TOUCHLINE_TIMELINE_URL: timeline };
      const { dataFolder } = touchline;
      second = await TouchlineProcess.start({ service: 'relay', dataFolder, environment });
    },
  };
  const leaves: Mishap = { name: 'the second relay leaves', happen: async () => second?.stop() };
  const both = [broker, kill('relay'), kill('timeline')];
  return [...shuffled([...both, joins], random), ...shuffled([...both, leaves], random)];
}

async function holdLog(traffic: Traffic, touchline: Installation): Promise<void> {
  const logged: string[] = [];
  for await (const { touchpoint } of readLogOf(touchline)) logged.push(touchpoint.id);
  expect(repeatedIn(logged), 'recorded twice').toEqual([]);
  expect(missingFrom(logged, traffic.valid), 'valid and not in the log').toEqual([]);
  expect(missingFrom(traffic.valid, logged), 'in the log and not valid').toEqual([]);
}

async function holdTimelines(traffic: Traffic, touchline: Installation): Promise<void> {
  const { head } = await touchline.at('/v1/readmodels').json<{ head: string }>('/v1/readmodels/timeline');
  const shown: string[] = [];
  for (const subject of traffic.subjects) shown.push(...(await timelineOf(subject, head, touchline)));
  expect(repeatedIn(shown), 'shown twice').toEqual([]);
  expect(missingFrom(shown, traffic.valid), 'in the log and on no timeline').toEqual([]);
}

async function timelineOf(
  subject: string,
  position: string,
  touchline: Installation,
): Promise<readonly string[]> {
  const timeline = touchline.at('/v1/customers');
  const headers = { 'touchline-min-position': position };
  const find = `/v1/customers?identifier=${encodeURIComponent(subject)}`;
  await until(async () => (await timeline.fetch(find, { headers })).ok, `folded to ${position}`, PATIENCE_MS);
  const { items } = await timeline.json<{ items: readonly { customerid: string }[] }>(find);
  const ids: string[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const path: string = `/v1/customers/${items[0]?.customerid}/timeline?limit=${PAGE_ENTRIES}${cursor}`;
    const page: { items: { id: string }[]; next: string | null } = await timeline.json(path);
    ids.push(...page.items.map(({ id }) => id));
    next = page.next;
  }
  return ids;
}
