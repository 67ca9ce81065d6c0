/** Measures the fold over a synthetic history, in memory: `node packages/identity/fold.bench.ts [events]`. */
import { createHash } from 'node:crypto';
import type { IdentifierKey, IdentifierKind } from '@touchline/touchpoints';
import type { IdentityEvent } from './identity-event.ts';
import { createIdentityProjection } from './identity-projection.ts';
import { InMemoryRows } from './in-memory-rows.ts';
import { IDENTITY_TABLES } from './tables.ts';

type BenchEvent = IdentityEvent & { readonly plain: readonly string[] };

const EVENTS_PER_CUSTOMER = 12;
const projection = createIdentityProjection<BenchEvent>({ plainIdentifiers: (event) => event.plain });

function key(kind: IdentifierKind, id: string): IdentifierKey {
  const subject = createHash('sha256').update(`${kind}:${id}`).digest('hex').slice(0, 24);
  return kind === 'account' ? { subject, kind, owner: 'shop' } : { subject, kind };
}

/**
 * Customers come one after another, their events mixed: a visit by cookie, then orders with account and mail, calls
 * by phone, parcels that name only the order. Every fiftieth pair of customers shares a phone.
 */
function history(count: number): BenchEvent[] {
  const events: BenchEvent[] = [];
  const customers = Math.ceil(count / EVENTS_PER_CUSTOMER);
  for (let turn = 0; turn < EVENTS_PER_CUSTOMER; turn += 1) {
    for (let customer = 0; customer < customers && events.length < count; customer += 1) {
      events.push(event(events.length, customer, turn));
    }
  }
  return events;
}

function event(place: number, customer: number, turn: number): BenchEvent {
  const account = key('account', `${customer}`);
  const mail = key('mailto', `${customer}@example.com`);
  const phone = key('tel', `${customer % 100 === 1 ? customer - 1 : customer}`);
  const cookie = key('cookie', `${customer}`);
  const bears =
    [[cookie], [account, mail, cookie], [account, phone], [phone], [account, mail, cookie], []][turn % 6] ??
    [];
  const order = `order:shop:${customer}-${Math.floor(turn / 2)}`;
  const about = bears.length === 0 || turn % 6 === 4 || turn % 6 === 1 ? [order] : [];
  const identifiers = bears.length > 0 ? bears : [key('reference', order)];
  return {
    position: BigInt(place + 1),
    eventid: `00000000-0000-5000-8000-${String(place).padStart(12, '0')}`,
    subject: identifiers[0]?.subject ?? '',
    version: turn,
    recordedAt: place,
    happenedAt: place * 1000,
    identifiers,
    touchpoint: { type: 'touchline.note.added.v1', data: { about } },
    plain: identifiers.map((one) => `${one.kind}:${one.subject}`),
  };
}

function measure(label: string, events: readonly BenchEvent[], rows: InMemoryRows): void {
  const [started, before] = [performance.now(), rows.changes];
  for (const one of events) projection.fold(one, rows);
  const micros = ((performance.now() - started) * 1000) / events.length;
  const changes = (rows.changes - before) / events.length;
  process.stdout.write(`${label}: ${micros.toFixed(2)} µs/event, ${changes.toFixed(2)} changes/event\n`);
}

const events = history(Number(process.argv[2] ?? 200_000));
for (let round = 1; round <= 5; round += 1) {
  const rows = new InMemoryRows(IDENTITY_TABLES);
  measure(`round ${round}, first fold`, events, rows);
  measure(`round ${round}, all of it known`, events, rows);
}
