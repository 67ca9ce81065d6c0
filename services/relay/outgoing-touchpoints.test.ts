import type { PublishFault, StoredMessage } from '@touchline/messaging/testing';
import { Kafka, type KafkaMessage } from 'cloudevents';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';

const LI = 'account:shop:1';
const WANG = 'account:shop:2';
const MINUTES = { timeout: 120_000 };

let scene: RelayScene;
beforeEach(async () => {
  scene = await RelayScene.open();
});
afterEach(() => scene.close());

const published = () => scene.broker.messages(TOPICS.touchpoints);
const subjectOf = (identifier: string) => scene.backing.journal.identify(identifier).subject;
const note = (n: number, subject = LI) => ({ id: `e${n}`, subject, data: { description: `第 ${n} 条` } });
const positions = (messages: readonly StoredMessage[]) =>
  messages.map(({ headers }) => Number(String(headers['touchline-position'])));
const asKafka = ({ key, value, headers }: StoredMessage): KafkaMessage => ({
  key: String(key),
  value: value?.toString() ?? '',
  headers: Object.fromEntries(Object.entries(headers).map(([name, bytes]) => [name, bytes.toString()])),
  timestamp: '0',
  body: value?.toString() ?? '',
});

describe('a touchpoint', () => {
  const event = {
    id: 'call-1',
    source: '/pbx/hangzhou',
    type: 'touchline.call.completed.v1',
    subject: LI,
    authid: 'agent-7',
    data: { description: '订单到哪了?', reason: 'delivery.late' },
  };

  test.each(['structured', 'binary'] as const)('goes out whole, opened, in %s mode', async (mode) => {
    const [recorded] = await scene.record(event);
    await scene.start({ mode });
    await scene.published();
    const [message] = published();
    if (message === undefined) throw new Error('nothing was published');
    expect(String(message.key)).toBe(subjectOf(LI));
    expect(String(message.headers['touchline-position'])).toBe('1');
    expect(String(message.headers['touchline-eventid'])).toBe(recorded?.eventid);
    const read = Kafka.toEvent(asKafka(message));
    expect(read).toMatchObject({
      ...event,
      specversion: '1.0',
      department: 'service',
      eventid: recorded?.eventid,
      position: '1',
      recordedtime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(String(message.headers['content-type'])).toMatch(
      mode === 'structured' ? /^application\/cloudevents\+json/ : /^application\/json$/,
    );
  });

  test('that was erased goes out with what is left, and says so', async () => {
    await scene.record(event, note(2, WANG));
    await scene.backing.keyRing.shred(subjectOf(LI));
    await scene.start();
    await scene.published();
    const [erased] = published().filter(({ key }) => String(key) === subjectOf(LI));
    expect(String(erased?.headers['touchline-erased'])).toBe('true');
    const body = JSON.parse(String(erased?.value));
    expect(body).toMatchObject({ erased: true, data: { reason: 'delivery.late' } });
    expect(body.subject).toBeUndefined();
    expect(String(erased?.value)).not.toContain('订单');
    const [other] = published().filter(({ key }) => String(key) === subjectOf(WANG));
    expect(JSON.parse(String(other?.value)).erased).toBeUndefined();
  });

  test('that is damaged goes out as far as it can be read, marked and counted, and stops nobody', async () => {
    const { journal } = scene.backing;
    await scene.record(event, note(2, WANG));
    const relay = await scene.start({
      journal: {
        ...journal,
        async *subscribe(options) {
          for await (const page of journal.subscribe(options))
            yield page.map((recorded) =>
              recorded.position === 1n
                ? {
                    ...recorded,
                    damage: 'document-corrupt' as const,
                    touchpoint: { ...recorded.touchpoint, source: '', department: '', data: {} },
                  }
                : recorded,
            );
        },
      },
    });
    await scene.published();
    const [damaged] = published().filter(({ key }) => String(key) === subjectOf(LI));
    expect(String(damaged?.headers['touchline-damage'])).toBe('document-corrupt');
    expect(JSON.parse(String(damaged?.value))).toMatchObject({
      damage: 'document-corrupt',
      source: '/touchline/log',
      position: '1',
    });
    expect(published()).toHaveLength(2);
    expect(relay.measures.damagedEvents).toBe(1);
  });
});

describe('an erasure', () => {
  test('ends what every data subject said before, and stands itself', async () => {
    await scene.record(note(1, LI), note(2, WANG));
    const [li, wang] = [subjectOf(LI), subjectOf(WANG)];
    const [erasure] = await scene.record({
      id: 'erased',
      type: 'touchline.customer.erased.v1',
      data: { parties: [li], subjects: [li, wang], reason: 'asked for' },
    });
    await scene.start();
    await scene.published();
    for (const subject of [li, wang]) {
      const own = published().filter(({ key }) => String(key) === subject);
      const notice = own.find(({ value }) => value === null);
      expect(String(notice?.headers['touchline-notice'])).toBe('customer-erased');
      expect(String(notice?.headers['touchline-eventid'])).toBe(erasure?.eventid);
      expect(own.findIndex(({ value }) => value === null)).toBe(1);
    }
    const last = published().findLast(({ key }) => String(key) === li);
    expect(JSON.parse(String(last?.value)).type).toBe('touchline.customer.erased.v1');
  });
});

describe('the checkpoint', () => {
  test('moves only after the broker has acknowledged', async () => {
    const acknowledged = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    scene.broker.trouble.beforeAnswer = () => {
      reached.resolve();
      return acknowledged.promise;
    };
    await scene.record(note(1));
    await scene.start();
    await reached.promise;
    const checkpoints = await scene.openCheckpoints();
    expect(await checkpoints.position('touchpoints')).toBeUndefined();
    acknowledged.resolve();
    await scene.published();
    await checkpoints.close();
  });

  test('is where the next one goes on', async () => {
    await scene.record(note(1), note(2));
    await scene.stop(await afterPublishing());
    await scene.record(note(3));
    await scene.start();
    await scene.published();
    expect(positions(published())).toEqual([1, 2, 3]);
  });

  test('that another one has moved stops the one who publishes from there', async () => {
    await scene.record(note(1));
    const relay = await scene.start();
    await scene.published();
    const checkpoints = await scene.openCheckpoints();
    await checkpoints.advance('touchpoints', { from: 1n, to: 0n });
    await checkpoints.close();
    await scene.record(note(2));
    await scene.published();
    expect(relay.measures.failures.get('touchpoints checkpoint-moved')?.count).toBe(1);
    expect(positions(published())).toContain(2);
  });

  async function afterPublishing() {
    const relay = await scene.start();
    await scene.published();
    return relay;
  }
});

describe('a broker', () => {
  test('that is away at the start is waited for', async () => {
    await scene.broker.crash();
    await scene.record(note(1));
    const relay = await scene.start();
    await until(() => relay.measures.failures.size > 0, 'it fails');
    await scene.broker.start();
    await scene.published();
    expect(positions(published())).toEqual([1]);
  });

  test('that refuses is asked again, and nothing is skipped', async () => {
    scene.broker.trouble.faults.push(...Array.from({ length: 5 }, () => ({ fault: 'refused' as const })));
    await scene.record(note(1), note(2), note(3));
    const relay = await scene.start();
    await scene.published();
    expect(positions(published())).toEqual([1, 2, 3]);
    expect(relay.measures.failures.get('touchpoints messaging-unavailable')?.count).toBe(5);
    expect(relay.measures.published.get('touchpoints')).toBe(3);
  });

  test('is given no more than a piece at once', async () => {
    await scene.record(...Array.from({ length: 25 }, (_, n) => note(n)));
    await scene.start({ limits: { maxPublishMessages: 10, maxPageEvents: 1_000 } });
    await scene.published();
    expect(positions(published())).toHaveLength(25);
    expect(scene.broker.trouble.calls).toBe(3);
  });
});

test('of two relays one publishes; when it ends the other goes on', async () => {
  const first = await scene.start();
  await until(() => first.measures.leads, 'the first one leads');
  const second = await scene.start();
  await scene.record(note(1), note(2));
  await scene.published();
  expect(second.measures.leads).toBe(false);
  expect(second.measures.published.size).toBe(0);
  await scene.stop(first);
  await scene.record(note(3));
  await scene.published();
  expect(second.measures.leads).toBe(true);
  expect(positions(published())).toEqual([1, 2, 3]);
});

test(
  'every touchpoint goes out at least once and in order per key, whatever fails and restarts',
  MINUTES,
  async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ act: fc.constant('record' as const), who: fc.nat(4), count: fc.nat(6) }),
      },
      fc.record({
        act: fc.constant('fault' as const),
        fault: fc.constantFrom<PublishFault>('refused', 'acknowledgement-lost'),
      }),
      fc.constant({ act: 'restart' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
        await scene.close();
        scene = await RelayScene.open();
        const limits = { maxPageEvents: 5, maxPublishMessages: 2 };
        let relay = await scene.start({ limits });
        let id = 0;
        for (const one of steps) {
          if (one.act === 'fault')
            scene.broker.trouble.faults.push({ fault: one.fault, topic: TOPICS.touchpoints });
          if (one.act === 'record')
            await scene.record(
              ...Array.from({ length: one.count + 1 }, (_, n) =>
                note(id++, `account:shop:${(one.who + n) % 5}`),
              ),
            );
          if (one.act !== 'restart') continue;
          await scene.stop(relay);
          relay = await scene.start({ limits });
        }
        if (id > 0) await scene.published();
        const recorded = await scene.backing.journal.read({ limit: 10_000 });
        for (const subject of new Set(recorded.map((one) => one.subject))) {
          const expected = recorded
            .filter((one) => one.subject === subject)
            .map((one) => Number(one.position));
          const seen = positions(published().filter(({ key }) => String(key) === subject));
          // What comes again comes in order, from some place on: nothing ever jumps ahead.
          const places = seen.map((position) => expected.indexOf(position));
          expect(places.filter((place, at) => place > (places[at - 1] ?? -1) + 1)).toEqual([]);
        }
      }),
      { numRuns: 8 },
    );
  },
);
