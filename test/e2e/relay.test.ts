import type { Messaging } from '@touchline/messaging';
import { openKafka } from '@touchline/messaging/kafka';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { touchline as command } from '../support/command-line.ts';
import { Engines } from '../support/engines.ts';
import { installDistributed } from '../support/every-shape.ts';
import { note } from '../support/sample-events.ts';
import type { Installation } from '../support/shapes.ts';
import { type Receipt, timelineOf } from '../support/timelines.ts';
import { idOf, type ReadMessage, TopicReader } from '../support/topic-reader.ts';
import { until } from '../support/until.ts';

const TEST_MS = 120_000;
const SUBJECT = 'account:shop:e2e';
const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=UTF-8' };

const engines = await Engines.open();
if ('missing' in engines) test.skip(`a relay on a real broker: ${engines.missing}`, () => {});
else declareTests(engines);

function declareTests(engines: Engines): void {
  afterAll(() => engines.close());

  describe('a relay beside the other services', { timeout: TEST_MS }, () => {
    let touchline: Installation;
    let messaging: Messaging;
    let prefix: string;
    let touchpoints: TopicReader;
    beforeAll(async () => {
      touchline = await installDistributed(engines);
      prefix = touchline.settings.TOUCHLINE_KAFKA_PREFIX ?? '';
      messaging = openKafka({ url: engines.kafka.url, clientId: 'e2e' });
      touchpoints = await read('touchpoints.v1');
    }, TEST_MS);
    afterAll(async () => {
      await messaging?.close();
      await touchline?.close();
    });

    const read = (topic: string): Promise<TopicReader> => TopicReader.open(messaging, `${prefix}${topic}`);
    const post = async (id: string, more: object = {}): Promise<Receipt> =>
      (await (await touchline.at('/v1/events').post(note(id, more))).json()) as Receipt;
    const published = (id: string): Promise<ReadMessage> =>
      touchpoints.find((message) => idOf(message) === id, `${id} is published`);
    const shown = (id: string): Promise<void> =>
      until(
        async () => (await timelineOf(touchline.at('/v1/customers'), SUBJECT, '0'))?.includes(id) ?? false,
        `${id} is on the timeline`,
        TEST_MS,
      );
    const relay = () => ({ url: touchline.at('/v1/relay/').origin, dataFolder: touchline.dataFolder });

    test('what is posted comes out as a CloudEvent, keyed by its data subject, with its position', async () => {
      const { position, eventid } = await post('posted', { data: { description: '你好' } });
      const { key, value, headers } = await published('posted');
      expect(key).toMatch(/^[0-9a-f]{24}$/);
      expect(headers).toEqual({
        ...STRUCTURED,
        'touchline-position': position,
        'touchline-eventid': eventid,
      });
      expect(JSON.parse(value ?? '')).toMatchObject({
        id: 'posted',
        position,
        data: { description: '你好' },
      });
    });

    test('what comes in by the topic is on the timeline once, and goes out, in either content mode', async () => {
      const structured = { key: 'k', value: JSON.stringify(note('in-structured')), headers: STRUCTURED };
      const { data, ...attributes } = note('in-binary');
      const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
      const binary = {
        key: 'k',
        value: JSON.stringify(data),
        headers: { 'content-type': 'application/json', ...Object.fromEntries(headers) },
      };
      await messaging.publish(`${prefix}intake.v1`, [structured, binary, structured]);
      await Promise.all(['in-structured', 'in-binary'].flatMap((id) => [shown(id), published(id)]));
      await post('after them');
      await published('after them');
      const ids = touchpoints.messages.map(idOf).filter((id) => id.startsWith('in-'));
      expect(ids.toSorted()).toEqual(['in-binary', 'in-structured']);
    });

    test('what is invalid goes to the rejects as it came, with the problem in its headers', async () => {
      const rejected = await read('intake.rejected.v1');
      const value = '{ "specversion" : "1.0", 不是 JSON';
      await messaging.publish(`${prefix}intake.v1`, [
        { key: '键', value, headers: { ...STRUCTURED, mine: '7' } },
        { key: 'k', value: JSON.stringify(note('no type', { type: undefined })), headers: STRUCTURED },
      ]);
      const unreadable = await rejected.find(({ key }) => key === '键', 'it is rejected');
      expect(unreadable).toMatchObject({
        value,
        headers: { ...STRUCTURED, mine: '7', 'touchline-problem-code': 'invalid-json' },
      });
      const untyped = await rejected.find(({ key }) => key === 'k', 'the other one is rejected');
      expect(untyped.headers['touchline-problem-code']).toBe('invalid-touchpoint');
      expect(JSON.parse(untyped.headers['touchline-problem-errors'] ?? '')).toMatchObject([
        { pointer: '/type' },
      ]);
    });

    test('who was merged is told on the topic of customers', async () => {
      const customers = await read('customers.v1');
      const others = ['account:shop:one', 'account:erp:two'];
      const ids: string[] = [];
      for (const subject of others) {
        const { position } = await post(`of ${subject}`, { subject });
        const path = `/v1/customers?identifier=${encodeURIComponent(subject)}`;
        const headers = { 'touchline-min-position': position };
        const { items } = await touchline
          .at(path)
          .json<{ items: { customerid: string }[] }>(path, { headers });
        ids.push(items[0]?.customerid ?? '');
      }
      const path = `/v1/customers/${ids[0]}/merge`;
      await touchline.at(path).json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ with: ids[1], reason: 'same person' }),
      });
      const told = ({ key, value }: ReadMessage) =>
        ids.includes(key) && (JSON.parse(value ?? '{}') as { subjects?: string[] }).subjects?.length === 2;
      await customers.find(told, 'the merged customer is told');
      await customers.find(
        ({ value }) => value?.includes('supersededby') === true,
        'the other is superseded',
      );
    });

    test('a rebuild that is promoted publishes nothing', async () => {
      const customers = await read('customers.v1');
      await post('before the rebuild', { subject: 'account:shop:before' });
      await published('before the rebuild');
      const mark = () => [
        touchpoints.messages.length,
        new Set(customers.messages.map(({ key }) => key)).size,
      ];
      await until(() => customers.messages.length >= 4, 'customers are told');
      const [count = 0] = mark();
      const url = touchline.at('/v1/readmodels').origin;
      const { code } = await command(['rebuild', 'timeline', '--promote'], { ...relay(), url });
      expect(code).toBe(0);
      await post('after the rebuild', { subject: 'account:shop:after' });
      await published('after the rebuild');
      expect(touchpoints.messages.slice(count).map(idOf)).toEqual(['after the rebuild']);
    });

    test('a range is published again by the command line, which tells how far it is and how it ended', async () => {
      const topic = `${prefix}again`;
      const args = ['republish', '--topic', topic];
      const done = await command([...args, '--from', '1', '--to', '2', '--json'], relay());
      expect([done.code, JSON.parse(done.stdout)]).toMatchObject([
        0,
        { state: 'done', topic, from: '1', to: '2', published: 2, percent: 100 },
      ]);
      const told = await command([...args, '--from', '1'], relay());
      expect([told.code, told.stdout]).toEqual([
        0,
        expect.stringMatching(/: done, \d+ messages of positions 1 to \d+\n$/),
      ]);
      const again = await TopicReader.open(messaging, topic);
      await again.find(
        (message) => idOf(message) === 'after the rebuild',
        'the whole log is published again',
      );
      expect((await command([...args, '--from', 'x'], relay())).code).toBe(2);
      const own = await command(['republish', '--from', '1', '--topic', `${prefix}touchpoints.v1`], relay());
      expect([own.code, own.stderr]).toEqual([1, expect.stringContaining('choose another, or give force')]);
      expect(touchpoints.messages.map(idOf).filter((id) => id === 'posted')).toHaveLength(1);
    });
  });
}
