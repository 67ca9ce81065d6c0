import type { PublishFault } from '@touchline/messaging/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Relay } from './relay.ts';
import { BATCH, IntakeTraffic, note, STRUCTURED } from './testing/intake-traffic.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';

const MINUTES = { timeout: 120_000 };

let scene: RelayScene;
let traffic: IntakeTraffic;
beforeEach(async () => {
  scene = await RelayScene.open();
  traffic = new IntakeTraffic(scene);
});
afterEach(() => scene.close());

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
        traffic = new IntakeTraffic(scene);
        const relays: Relay[] = [await scene.start()];
        const valid = new Set<string>();
        const invalid = new Set<string>();
        for (const [index, one] of steps.entries()) {
          if (one.act === 'fault')
            scene.broker.trouble.faults.push({ fault: one.fault, topic: TOPICS.rejected });
          if (one.act === 'join' && relays.length < 3) relays.push(await scene.start());
          if (one.act === 'restart') {
            const leaving = relays.shift();
            if (leaving !== undefined) await scene.stop(leaving);
            relays.push(await scene.start());
          }
          if (one.act === 'send') send(one.message, index, { valid, invalid });
        }
        if (scene.broker.messages(TOPICS.intake).length > 0) await traffic.taken();
        expect([...(await traffic.recorded())].sort()).toEqual([...valid].sort());
        const places = traffic.rejects().map(({ headers }) => String(headers.place));
        expect([...new Set(places)].sort()).toEqual([...invalid].sort());
      }),
      { numRuns: 8 },
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
        traffic.produce(
          ids.map((one) => note(one)),
          { ...BATCH, ...headers },
        );
      if (kind === 'valid') traffic.produce(note(`e${id}`), { ...STRUCTURED, ...headers });
      if (kind === 'invalid')
        traffic.produce(note(`e${id}`, { department: 7 }), { ...STRUCTURED, ...headers });
      if (kind === 'garbage') traffic.produce(`{${id}`, headers);
    }
  },
);
