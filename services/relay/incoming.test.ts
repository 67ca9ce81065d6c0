import { Kafka } from 'cloudevents';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BATCH, IntakeTraffic, note } from './testing/intake-traffic.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';
import { intakeGroup } from './topics.ts';

let scene: RelayScene;
let traffic: IntakeTraffic;
beforeEach(async () => {
  scene = await RelayScene.open();
  traffic = new IntakeTraffic(scene);
});
afterEach(() => scene.close());

describe('a message', () => {
  test('in structured mode is recorded as the front door would', async () => {
    traffic.produce(note('e1', { subject: 'tel:138 0013 8000', data: { description: '退款' } }));
    await scene.start();
    await traffic.taken();
    const [one] = await scene.backing.journal.read();
    expect(one?.touchpoint).toMatchObject({
      id: 'e1',
      subject: 'tel:+8613800138000',
      data: { description: '退款' },
    });
    expect(traffic.rejects()).toEqual([]);
  });

  test('in binary mode is recorded, and recognised as a repeat of the same event in structured mode', async () => {
    const { data, ...attributes } = note('e1', { data: { description: '退款' } });
    const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
    traffic.produce(data, { 'content-type': 'application/json', ...Object.fromEntries(headers) });
    const relay = await scene.start();
    await traffic.taken();
    traffic.produce(note('e1', { data: { description: '退款' } }));
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1']);
    expect(relay.measures.received).toEqual({ accepted: 1, duplicate: 1, rejected: 0 });
  });

  test.each(['structured', 'binary'] as const)(
    'made by the CloudEvents SDK in %s mode is recorded',
    async (mode) => {
      const { CloudEvent } = await import('cloudevents');
      const event = new CloudEvent(note('e1', { datacontenttype: 'application/json' }));
      const { headers, value } = Kafka[mode](event);
      const texts = Object.entries(headers as Record<string, string>).filter(
        ([, text]) => text !== undefined,
      );
      traffic.produce(typeof value === 'string' ? value : JSON.stringify(value), Object.fromEntries(texts));
      await scene.start();
      await traffic.taken();
      expect(traffic.rejects().map(({ headers }) => String(headers['touchline-problem-errors']))).toEqual([]);
      expect(await traffic.recorded()).toEqual(['e1']);
    },
  );

  test('in batched mode is recorded event by event', async () => {
    traffic.produce([note('e1'), { nothing: true }, note('e3')], BATCH);
    await scene.start();
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1', 'e3']);
    expect(traffic.rejects()).toHaveLength(1);
    const errors = JSON.parse(traffic.problem('errors')) as { pointer: string }[];
    expect(errors.length).toBeGreaterThan(3);
    expect(errors.every(({ pointer }) => pointer.startsWith('/1/'))).toBe(true);
  });

  test('without a content type is taken for one event', async () => {
    traffic.produce(note('e1'), {}, null);
    await scene.start();
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1']);
  });
});

describe('offsets', () => {
  test('are committed only when the log has it', async () => {
    const { journal } = scene.backing;
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    traffic.produce(note('e1'));
    await scene.start({
      journal: {
        ...journal,
        async record(touchpoints, options) {
          asked.resolve();
          await go.promise;
          return journal.record(touchpoints, options);
        },
      },
    });
    await asked.promise;
    expect(scene.broker.committed(intakeGroup(TOPICS), TOPICS.intake)).toEqual([0, 0, 0, 0]);
    go.resolve();
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1']);
  });

  test('wait while the log fails, and the batch comes again', async () => {
    const { journal } = scene.backing;
    let failures = 3;
    traffic.produce(note('e1'));
    const relay = await scene.start({
      journal: {
        ...journal,
        async record(touchpoints, options) {
          if (failures-- > 0)
            throw Object.assign(new Error('full'), { code: 'event-store-full', isRetryable: true });
          return journal.record(touchpoints, options);
        },
      },
    });
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1']);
    expect(traffic.rejects()).toEqual([]);
    expect(relay.measures.failures.get('intake event-store-full')?.count).toBe(3);
  });

  test('pass a touchpoint that trips over a defect of ours: it alone is rejected', async () => {
    const { journal } = scene.backing;
    for (const id of ['e1', 'poison', 'e3']) traffic.produce(note(id));
    await scene.start({
      journal: {
        ...journal,
        async record(touchpoints, options) {
          if (touchpoints.some(({ id }) => id === 'poison')) throw new TypeError('a defect');
          return journal.record(touchpoints, options);
        },
      },
    });
    await traffic.taken();
    expect(await traffic.recorded()).toEqual(['e1', 'e3']);
    expect(traffic.problem('code')).toBe('internal');
    expect(JSON.stringify(traffic.rejects()[0]?.headers)).not.toContain('a defect');
  });

  test('wait until a reject is acknowledged', async () => {
    scene.broker.trouble.faults.push(
      ...Array.from({ length: 3 }, () => ({ fault: 'refused' as const, topic: TOPICS.rejected })),
    );
    traffic.produce('{');
    traffic.produce(note('e1'));
    await scene.start();
    await traffic.taken();
    expect(traffic.rejects()).toHaveLength(1);
    expect(await traffic.recorded()).toEqual(['e1']);
  });
});
