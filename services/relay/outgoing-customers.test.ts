import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/support/until.ts';
import type { Relay } from './relay.ts';
import { RelayScene, TOPICS } from './testing/relay-scene.ts';

const A = 'a'.repeat(24);
const B = 'b'.repeat(24);
const C = 'c'.repeat(24);

let scene: RelayScene;
beforeEach(async () => {
  scene = await RelayScene.open();
});
afterEach(() => scene.close());

const changed = (customerid: string, position: number, subjects: readonly string[] = [customerid]) => {
  scene.customers.changed.push({ customerid, subjects, position: String(position) });
  if (scene.customers.position < BigInt(position)) scene.customers.position = BigInt(position);
};
const customers = () => scene.broker.messages(TOPICS.customers);
const told = () =>
  customers().map(({ key, value }) => [String(key), value === null ? null : JSON.parse(String(value))]);
const reached = async (position: bigint) => {
  const checkpoints = await scene.openCheckpoints();
  await until(
    async () => (await checkpoints.position('customers')) === position,
    `customers are at ${position}`,
  );
  await checkpoints.close();
};
const quiet = (relay: Relay) => {
  const asked = scene.customers.asked.length;
  return until(() => scene.customers.asked.length > asked + 2 && relay.measures.leads, 'it asks again');
};

describe('a customer that changed', () => {
  test('is told as it is now, keyed by its id', async () => {
    changed(A, 1, [A, B]);
    scene.customers.changed.push({ customerid: B, subjects: [], supersededby: A, position: '2' });
    scene.customers.position = 2n;
    await scene.start();
    await reached(2n);
    expect(told().sort()).toEqual([
      [A, { customerid: A, subjects: [A, B], position: '1' }],
      [B, { customerid: B, subjects: [], supersededby: A, position: '2' }],
    ]);
  });

  test('is told once, also when the relay is started again', async () => {
    changed(A, 1);
    const relay = await scene.start();
    await reached(1n);
    await quiet(relay);
    await scene.stop(relay);
    changed(B, 2);
    const next = await scene.start();
    await reached(2n);
    await quiet(next);
    expect(
      told()
        .map(([key]) => key)
        .sort(),
    ).toEqual([A, B]);
  });

  test('is told page by page', async () => {
    scene.customers.pageSize = 2;
    for (let n = 1; n <= 7; n++) changed(String(n).repeat(24), n);
    await scene.start();
    await reached(7n);
    expect(customers()).toHaveLength(7);
  });
});

test('a read model that goes back, and comes again, sets nothing off', async () => {
  changed(A, 5);
  const relay = await scene.start();
  await reached(5n);
  scene.customers.position = 2n;
  await quiet(relay);
  scene.customers.position = 5n;
  await quiet(relay);
  expect(customers()).toHaveLength(1);
  await reached(5n);
});

describe('what was held back', () => {
  test('keeps the checkpoint before it, and is told when it is folded, though what came later was told', async () => {
    changed(A, 3);
    changed(B, 9);
    scene.customers.held = { settled: 4n, parked: 2 };
    const relay = await scene.start();
    await reached(4n);
    await until(() => customers().length === 2, 'what is not held back is told');
    await quiet(relay);
    expect(customers()).toHaveLength(2);
    scene.customers.held = undefined;
    scene.customers.changed.splice(1, 0, { customerid: C, subjects: [C], position: '5' });
    await reached(9n);
    expect(told().map(([key]) => key)).toContain(C);
  });

  test('is told in part when only a part of it is folded', async () => {
    changed(A, 3);
    changed(B, 9);
    scene.customers.held = { settled: 4n, parked: 2 };
    await scene.start();
    await reached(4n);
    scene.customers.held = { settled: 4n, parked: 1 };
    scene.customers.changed.splice(1, 0, { customerid: C, subjects: [C], position: '6' });
    await until(() => told().some(([key]) => key === C), 'the one that was folded is told');
  });
});

describe('an erased customer', () => {
  const erase = (...parties: string[]) =>
    scene.record({
      id: `x${parties}`,
      type: 'touchline.customer.erased.v1',
      data: { parties, subjects: parties },
    });

  test('gets a tombstone after what was told of it', async () => {
    await scene.record({ id: 'e1', subject: 'account:shop:1' });
    changed(A, 1, [A, B]);
    await erase(A, B);
    scene.customers.position = 2n;
    await scene.start();
    await reached(2n);
    const own = customers().filter(({ key }) => String(key) === A);
    expect(own.map(({ value }) => value === null)).toEqual([false, true]);
    expect(String(own[1]?.headers['touchline-notice'])).toBe('customer-erased');
    expect(scene.broker.compacted(TOPICS.customers).size).toBe(0);
  });

  test('is told again when it is touched again afterwards', async () => {
    await erase(A);
    changed(A, 2);
    await scene.record({ id: 'e2', subject: 'account:shop:1' });
    await scene.start();
    await reached(2n);
    expect([...scene.broker.compacted(TOPICS.customers).keys()]).toEqual([A]);
  });

  test('is told however many are erased at once', async () => {
    for (let n = 1; n <= 7; n++) await erase(String(n).repeat(24));
    scene.customers.position = 7n;
    await scene.start({ limits: { maxErasures: 2 } });
    await reached(7n);
    expect(customers().map(({ value }) => value)).toEqual(Array(7).fill(null));
  });
});

test('a read model that cannot be asked holds up no touchpoints', async () => {
  await scene.record({ id: 'e1', subject: 'account:shop:1' });
  const relay = await scene.start({
    customers: {
      changes: () => Promise.reject(new Error('away')),
      subjectsOf: async () => undefined,
    },
  });
  await scene.published();
  await until(() => relay.measures.failures.has('customers Error'), 'the failure is counted');
  expect(scene.broker.messages(TOPICS.touchpoints)).toHaveLength(1);
});
