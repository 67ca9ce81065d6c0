import type { Diary } from '../diary.ts';
import { deliver, pay, placeOrder, promiseAndBill, ship } from './purchase.ts';

/** Has a device installed, registers it, and needs an engineer later. */
export function installAndRepair(diary: Diary): void {
  const order = placeOrder(diary);
  promiseAndBill(diary, order);
  pay(diary, order);
  const shipment = ship(diary, order);
  diary.days(2, 3);
  deliver(diary, order, shipment);
  const [product] = order.products;
  const asset = diary.number('A');
  const device = {
    about: [order.reference, `asset:field:${asset}`],
    asset,
    product: product[diary.customer.language],
  };
  diary.days(1, 4);
  diary.note('install.completed', 'field', {
    ...device,
    order: order.order,
    durationSeconds: diary.random.whole(1_800, 9_000),
    isTrained: true,
    address: diary.customer.address,
  });
  diary.hours(1, 50);
  diary.note('warranty.registered', 'signIn', {
    ...device,
    warranty: diary.number('WA'),
    order: order.order,
    validUntil: diary.dayIn(730),
  });
  if (!diary.often(0.6)) return;
  diary.days(20, 120);
  repair(diary, device, order.order);
  if (!diary.often(0.5)) return;
  diary.days(60, 180);
  diary.note('maintenance.done', 'field', {
    ...device,
    contract: diary.number('MC'),
    engineer: diary.agent(),
    durationSeconds: 2_700,
    amount: diary.money(19_900),
    nextOn: diary.dayIn(180),
  });
}

interface Device {
  readonly about: readonly string[];
  readonly asset: string;
  readonly product: string;
}

function repair(diary: Diary, device: Device, order: string): void {
  const { random } = diary;
  const workorder = diary.number('WO');
  const work = {
    ...device,
    about: [...device.about, `workorder:field:${workorder}`],
    workorder,
    order,
    kind: 'repair',
  };
  const engineer = diary.agent();
  diary.note('call.missed', 'pbx', {
    direction: 'inbound',
    call: diary.number('K'),
    waitSeconds: random.whole(20, 300),
    callbackRequested: true,
  });
  diary.hours(1, 5);
  diary.note('call.completed', 'pbx', {
    direction: 'outbound',
    call: diary.number('K'),
    agent: diary.agent(),
    reason: 'repair.request',
    durationSeconds: random.whole(60, 600),
  });
  diary.minutes(2, 20);
  diary.note('workorder.requested', 'desk', {
    ...work,
    text: diary.says('broken'),
    dueAt: diary.inDays(3),
    isUnderWarranty: true,
    address: diary.customer.address,
  });
  diary.hours(2, 30);
  diary.note('workorder.dispatched', 'field', { ...work, engineer, scheduledAt: diary.inDays(1) });
  diary.days(1, 2);
  diary.note('workorder.arrived', 'field', { ...work, engineer, lateSeconds: random.whole(0, 5_400) });
  diary.minutes(30, 180);
  const isSolved = random.chance(0.8);
  diary.note('workorder.completed', 'field', {
    ...work,
    engineer,
    isSolved,
    visits: isSolved ? 1 : 2,
    durationSeconds: random.whole(1_800, 9_000),
    cost: diary.money(random.whole(3_000, 30_000)),
  });
  if (!diary.often(0.4)) return;
  diary.days(1, 3);
  diary.note('visit.completed', 'field', {
    ...device,
    visit: diary.number('V'),
    purpose: 'quality-check',
    outcome: 'satisfied',
    durationSeconds: 1_200,
    notes: diary.says('thanks'),
  });
}
