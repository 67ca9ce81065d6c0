import { Kafka } from 'cloudevents';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import { INTAKE_GROUP, type Relay } from './relay.ts';
import type { PublishFault } from './testing/memory-broker.ts';
import { cloudEvent, RelayScene, TOPICS } from './testing/relay-scene.ts';

const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const LI = 'account:shop:1';
const MINUTES = { timeout: 120_000 };

let scene: RelayScene;
beforeEach(async () => {
  scene = await RelayScene.open();
});
afterEach(() => scene.close());

const note = (id: string, event: object = {}) => cloudEvent({ id, subject: LI, ...event });
const produce = (
  value: unknown,
  headers: Record<string, string | Buffer> = STRUCTURED,
  key: string | null = LI,
) =>
  scene.broker.produce(TOPICS.intake, typeof value === 'string' ? value : JSON.stringify(value), {
    key,
    headers,
  });
const taken = async () => {
  const sent = scene.broker.messages(TOPICS.intake).length;
  const committed = () =>
    scene.broker.committed(INTAKE_GROUP, TOPICS.intake).reduce((sum, one) => sum + one, 0);
  await until(() => committed() === sent, 'everything is committed');
};
const recorded = async () => (await scene.backing.journal.read()).map(({ touchpoint }) => touchpoint.id);
const rejects = () => scene.broker.messages(TOPICS.rejected);
const header = (index: number, name: string) =>
  String(rejects()[index]?.headers[`touchline-problem-${name}`]);

describe('a message', () => {
  test('in structured mode is recorded as the front door would', async () => {
    produce(note('e1', { subject: 'tel:138 0013 8000', data: { description: '退款' } }));
    scene.start();
    await taken();
    const [one] = await scene.backing.journal.read();
    expect(one?.touchpoint).toMatchObject({
      id: 'e1',
      subject: 'tel:+8613800138000',
      data: { description: '退款' },
    });
    expect(rejects()).toEqual([]);
  });

  test('in binary mode is recorded, and recognised as a repeat of the same event in structured mode', async () => {
    const { data, ...attributes } = note('e1', { data: { description: '退款' } });
    const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
    produce(data, { 'content-type': 'application/json', ...Object.fromEntries(headers) });
    const relay = scene.start();
    await taken();
    produce(note('e1', { data: { description: '退款' } }));
    await taken();
    expect(await recorded()).toEqual(['e1']);
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
      produce(typeof value === 'string' ? value : JSON.stringify(value), Object.fromEntries(texts));
      scene.start();
      await taken();
      expect(rejects().map(({ headers }) => String(headers['touchline-problem-errors']))).toEqual([]);
      expect(await recorded()).toEqual(['e1']);
    },
  );

  test('in batched mode is recorded event by event', async () => {
    produce([note('e1'), { nothing: true }, note('e3')], BATCH);
    scene.start();
    await taken();
    expect(await recorded()).toEqual(['e1', 'e3']);
    expect(rejects()).toHaveLength(1);
    const errors = JSON.parse(header(0, 'errors')) as { pointer: string }[];
    expect(errors.length).toBeGreaterThan(3);
    expect(errors.every(({ pointer }) => pointer.startsWith('/1/'))).toBe(true);
  });

  test('without a content type is taken for one event', async () => {
    produce(note('e1'), {}, null);
    scene.start();
    await taken();
    expect(await recorded()).toEqual(['e1']);
  });
});

describe('what is invalid', () => {
  const { data: _, ...withoutData } = note('x');
  const binary = { 'content-type': 'application/json', ce_id: 'x', ce_specversion: '1.0' };
  const cases: readonly [string, unknown, Record<string, string | Buffer>, string][] = [
    ['no JSON', '{"id":', STRUCTURED, 'invalid-json'],
    ['nothing', '', STRUCTURED, 'invalid-json'],
    ['no event', 'null', STRUCTURED, 'invalid-touchpoint'],
    ['a list that is not said to be one', [note('x')], STRUCTURED, 'invalid-touchpoint'],
    ['a batch that is none', note('x'), BATCH, 'invalid-request'],
    ['an unknown type', note('x', { type: 'touchline.call.complete.v1' }), STRUCTURED, 'invalid-touchpoint'],
    ['an attribute only the server gives', note('x', { position: '7' }), STRUCTURED, 'invalid-touchpoint'],
    [
      'too much',
      note('x', { data: { description: 'x'.repeat(300_000) } }),
      STRUCTURED,
      'touchpoint-too-large',
    ],
    ['another content type', withoutData, { 'content-type': 'text/plain' }, 'unsupported-media-type'],
    ['attributes that are missing', {}, binary, 'invalid-touchpoint'],
    ['an attribute that is no text', {}, { ...binary, ce_source: Buffer.from([0xff]) }, 'invalid-touchpoint'],
    ['a prototype', {}, { ...binary, ce___proto__: 'x' }, 'invalid-touchpoint'],
  ];

  test.each(cases)(
    '(%s) goes to the rejects as it came, with the problem',
    async (_what, value, headers, code) => {
      produce(value, { ...headers, theirs: '値' });
      produce(note('good'));
      const relay = scene.start();
      await taken();
      expect(rejects()).toHaveLength(1);
      const [original] = scene.broker.messages(TOPICS.intake);
      const [reject] = rejects();
      expect(reject?.value).toEqual(original?.value);
      expect(reject?.key).toEqual(original?.key);
      expect(String(reject?.headers.theirs)).toBe('値');
      expect(header(0, 'code')).toBe(code);
      expect(header(0, 'detail')).not.toBe('');
      expect(JSON.parse(header(0, 'errors'))).toBeInstanceOf(Array);
      expect(String(reject?.headers['touchline-original-place'])).toMatch(/^touchline\.intake\.v1\/\d\/0$/);
      expect(await recorded()).toEqual(['good']);
      expect(relay.measures.received).toEqual({ accepted: 1, duplicate: 0, rejected: 1 });
    },
  );

  test('is an id that was used with other content', async () => {
    produce(note('e1', { data: { description: 'one' } }));
    produce(note('e1', { data: { description: 'two' } }));
    scene.start();
    await taken();
    expect(header(0, 'code')).toBe('event-id-reused');
    expect(await recorded()).toEqual(['e1']);
  });

  test('is a message without a value', async () => {
    scene.broker.produce(TOPICS.intake, null);
    scene.start();
    await taken();
    expect(header(0, 'code')).toBe('invalid-request');
    expect(rejects()[0]?.value).toBeNull();
  });

  test('keeps bytes that are no text: a key and a header in base64', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    scene.broker.produce(TOPICS.intake, bytes, { key: bytes, headers: { raw: bytes } });
    scene.start();
    await taken();
    const [reject] = rejects();
    expect(reject?.value).toEqual(bytes);
    expect(Buffer.from(String(reject?.headers['touchline-original-key-base64']), 'base64')).toEqual(bytes);
    expect(Buffer.from(String(reject?.headers['raw-base64']), 'base64')).toEqual(bytes);
    expect(header(0, 'code')).toBe('invalid-utf8');
  });

  test('tells as many errors as have room', async () => {
    produce(note('x', { data: { about: Array.from({ length: 12 }, () => '?') } }));
    scene.start({ limits: { maxErrorsBytes: 500 } });
    await taken();
    const errors = JSON.parse(header(0, 'errors')) as unknown[];
    expect(errors.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(header(0, 'errors'))).toBeLessThanOrEqual(500);
    expect(Number(header(0, 'error-count'))).toBeGreaterThan(errors.length);
  });

  test('and too large for the topic of rejects goes there without its value, and stops nobody', async () => {
    scene.broker.maxMessageBytes = 2_000;
    produce(`{${'x'.repeat(3_000)}`);
    produce('{');
    produce(note('good'));
    scene.start();
    await taken();
    const sizes = rejects().map(({ value }) => value?.length ?? null);
    expect(sizes.sort()).toEqual([1, null]);
    expect(rejects().some(({ headers }) => String(headers['touchline-original-bytes']) === '3001')).toBe(
      true,
    );
    expect(await recorded()).toEqual(['good']);
  });
});

describe('offsets', () => {
  test('are committed only when the log has it', async () => {
    const { journal } = scene.backing;
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    produce(note('e1'));
    scene.start({
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
    expect(scene.broker.committed(INTAKE_GROUP, TOPICS.intake)).toEqual([0, 0, 0, 0]);
    go.resolve();
    await taken();
    expect(await recorded()).toEqual(['e1']);
  });

  test('wait while the log fails, and the batch comes again', async () => {
    const { journal } = scene.backing;
    let failures = 3;
    produce(note('e1'));
    const relay = scene.start({
      journal: {
        ...journal,
        async record(touchpoints, options) {
          if (failures-- > 0)
            throw Object.assign(new Error('full'), { code: 'event-store-full', isRetryable: true });
          return journal.record(touchpoints, options);
        },
      },
    });
    await taken();
    expect(await recorded()).toEqual(['e1']);
    expect(rejects()).toEqual([]);
    expect(relay.measures.failures.get('intake event-store-full')?.count).toBe(3);
  });

  test('pass a touchpoint that trips over a defect of ours: it alone is rejected', async () => {
    const { journal } = scene.backing;
    for (const id of ['e1', 'poison', 'e3']) produce(note(id));
    scene.start({
      journal: {
        ...journal,
        async record(touchpoints, options) {
          if (touchpoints.some(({ id }) => id === 'poison')) throw new TypeError('a defect');
          return journal.record(touchpoints, options);
        },
      },
    });
    await taken();
    expect(await recorded()).toEqual(['e1', 'e3']);
    expect(header(0, 'code')).toBe('internal');
    expect(JSON.stringify(rejects()[0]?.headers)).not.toContain('a defect');
  });

  test('wait until a reject is acknowledged', async () => {
    scene.broker.faults.push(
      ...Array.from({ length: 3 }, () => ({ fault: 'refused' as const, topic: TOPICS.rejected })),
    );
    produce('{');
    produce(note('e1'));
    scene.start();
    await taken();
    expect(rejects()).toHaveLength(1);
    expect(await recorded()).toEqual(['e1']);
  });
});

test(
  'whatever comes and fails: the valid is in the log once, exactly the invalid are rejected',
  MINUTES,
  async () => {
    const message = fc.record({
      id: fc.nat(30),
      kind: fc.constantFrom('valid', 'invalid', 'batch', 'garbage'),
    });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ act: fc.constant('send' as const), message }) },
      fc.record({
        act: fc.constant('fault' as const),
        fault: fc.constantFrom<PublishFault>('refused', 'acknowledgement-lost'),
      }),
      fc.constant({ act: 'restart' as const }),
      fc.constant({ act: 'join' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        await scene.close();
        scene = await RelayScene.open();
        const relays: Relay[] = [scene.start()];
        const valid = new Set<string>();
        const invalid = new Set<string>();
        for (const [index, one] of steps.entries()) {
          if (one.act === 'fault') scene.broker.faults.push({ fault: one.fault, topic: TOPICS.rejected });
          if (one.act === 'join' && relays.length < 3) relays.push(scene.start());
          if (one.act === 'restart') {
            const leaving = relays.shift();
            if (leaving !== undefined) await scene.stop(leaving);
            relays.push(scene.start());
          }
          if (one.act === 'send') send(one.message, index, { valid, invalid });
        }
        if (scene.broker.messages(TOPICS.intake).length > 0) await taken();
        expect((await recorded()).sort()).toEqual([...valid].sort());
        const places = rejects().map(({ headers }) => String(headers.place));
        expect([...new Set(places)].sort()).toEqual([...invalid].sort());
      }),
      { numRuns: 15 },
    );

    function send(
      { id, kind }: { id: number; kind: string },
      place: number,
      { valid, invalid }: { valid: Set<string>; invalid: Set<string> },
    ): void {
      const headers = { place: String(place) };
      const ids = kind === 'batch' ? [`e${id}`, `e${id + 1}`] : [`e${id}`];
      if (kind === 'valid' || kind === 'batch') for (const one of ids) valid.add(one);
      else invalid.add(String(place));
      if (kind === 'batch')
        produce(
          ids.map((one) => note(one)),
          { ...BATCH, ...headers },
        );
      if (kind === 'valid') produce(note(`e${id}`), { ...STRUCTURED, ...headers });
      if (kind === 'invalid') produce(note(`e${id}`, { department: 7 }), { ...STRUCTURED, ...headers });
      if (kind === 'garbage') produce(`{${id}`, headers);
    }
  },
);
