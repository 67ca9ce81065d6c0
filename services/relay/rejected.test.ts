import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BATCH, IntakeTraffic, note, STRUCTURED } from './testing/intake-traffic.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';

let scene: RelayScene;
let traffic: IntakeTraffic;
beforeEach(async () => {
  scene = await RelayScene.open();
  traffic = new IntakeTraffic(scene);
});
afterEach(() => scene.close());

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
      traffic.produce(value, { ...headers, theirs: '値' });
      traffic.produce(note('good'));
      const relay = await scene.start();
      await traffic.taken();
      expect(traffic.rejects()).toHaveLength(1);
      const [original] = scene.broker.messages(TOPICS.intake);
      const [reject] = traffic.rejects();
      expect(reject?.value).toEqual(original?.value);
      expect(reject?.key).toEqual(original?.key);
      expect(String(reject?.headers.theirs)).toBe('値');
      expect(traffic.problem('code')).toBe(code);
      expect(traffic.problem('detail')).not.toBe('');
      expect(JSON.parse(traffic.problem('errors'))).toBeInstanceOf(Array);
      expect(String(reject?.headers['touchline-original-place'])).toMatch(/^touchline\.intake\.v1\/\d\/0$/);
      expect(await traffic.recorded()).toEqual(['good']);
      expect(relay.measures.received).toEqual({ accepted: 1, duplicate: 0, rejected: 1 });
    },
  );

  test('is an id that was used with other content', async () => {
    traffic.produce(note('e1', { data: { description: 'one' } }));
    traffic.produce(note('e1', { data: { description: 'two' } }));
    await scene.start();
    await traffic.taken();
    expect(traffic.problem('code')).toBe('event-id-reused');
    expect(await traffic.recorded()).toEqual(['e1']);
  });

  test('is a message without a value', async () => {
    scene.broker.produce(TOPICS.intake, { key: null, value: null });
    await scene.start();
    await traffic.taken();
    expect(traffic.problem('code')).toBe('invalid-request');
    expect(traffic.rejects()[0]?.value).toBeNull();
  });

  test('keeps bytes that are no text: a key and a header in base64', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    scene.broker.produce(TOPICS.intake, { key: bytes, value: bytes, headers: { raw: bytes } });
    await scene.start();
    await traffic.taken();
    const [reject] = traffic.rejects();
    expect(reject?.value).toEqual(bytes);
    expect(Buffer.from(String(reject?.headers['touchline-original-key-base64']), 'base64')).toEqual(bytes);
    expect(Buffer.from(String(reject?.headers['raw-base64']), 'base64')).toEqual(bytes);
    expect(traffic.problem('code')).toBe('invalid-utf8');
  });

  test('tells as many errors as have room', async () => {
    traffic.produce(note('x', { data: { about: Array.from({ length: 12 }, () => '?') } }));
    await scene.start({ limits: { maxErrorsBytes: 500 } });
    await traffic.taken();
    const errors = JSON.parse(traffic.problem('errors')) as unknown[];
    expect(errors.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(traffic.problem('errors'))).toBeLessThanOrEqual(500);
    expect(Number(traffic.problem('error-count'))).toBeGreaterThan(errors.length);
  });

  test('and too large for the topic of rejects goes there without its value, and stops nobody', async () => {
    scene.broker.trouble.maxMessageBytes = 2_000;
    traffic.produce(`{${'x'.repeat(3_000)}`);
    traffic.produce('{');
    traffic.produce(note('good'));
    await scene.start();
    await traffic.taken();
    const sizes = traffic.rejects().map(({ value }) => value?.length ?? null);
    expect(sizes.sort()).toEqual([1, null]);
    expect(
      traffic.rejects().some(({ headers }) => String(headers['touchline-original-bytes']) === '3001'),
    ).toBe(true);
    expect(await traffic.recorded()).toEqual(['good']);
  });
});
