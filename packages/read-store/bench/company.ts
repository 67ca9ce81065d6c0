import { defineTable, type Foldable, type JsonValue, type ReadModel } from '../index.ts';

/** A made-up company for measuring: eight tables of the kinds a timeline needs, events without any randomness. */
export interface Contact extends Foldable {
  readonly identifier: string;
  readonly channel: string;
  readonly department: string;
  readonly reference: string | undefined;
  readonly body: JsonValue;
}

const subjects = defineTable<{ subject: string; customer: string; first: number }>({
  name: 'subjects',
  columns: { subject: 'text', customer: 'text', first: 'integer' },
  key: ['subject'],
  indexes: [['customer']],
});

const identifiers = defineTable<{ identifier: string; subject: string; seen: number }>({
  name: 'identifiers',
  columns: { identifier: 'text', subject: 'text', seen: 'integer' },
  key: ['identifier'],
  indexes: [['subject']],
});

const links = defineTable<{ a: string; b: string; position: number }>({
  name: 'links',
  columns: { a: 'text', b: 'text', position: 'integer' },
  key: ['a', 'b'],
  indexes: [['b']],
});

interface Entry {
  position: number;
  customer: string;
  subject: string;
  happened: number;
  channel: string;
  department: string;
  reference: string | null;
  body: JsonValue;
  words: string;
}

const entries = defineTable<Entry>({
  name: 'entries',
  columns: {
    position: 'integer',
    customer: 'text',
    subject: 'text',
    happened: 'integer',
    channel: 'text',
    department: 'text',
    reference: 'text?',
    body: 'json',
    words: 'tokens',
  },
  key: ['position'],
  indexes: [['subject', 'happened', 'position']],
  appendOnly: true,
});

const customers = defineTable<{
  customer: string;
  first: number;
  last: number;
  entries: number;
  counts: Record<string, number>;
}>({
  name: 'customers',
  columns: { customer: 'text', first: 'integer', last: 'integer', entries: 'integer', counts: 'json' },
  key: ['customer'],
});

const channels = defineTable<{ customer: string; channel: string; entries: number }>({
  name: 'channels',
  columns: { customer: 'text', channel: 'text', entries: 'integer' },
  key: ['customer', 'channel'],
});

const references = defineTable<{ reference: string; customer: string; entries: number }>({
  name: 'references',
  columns: { reference: 'text', customer: 'text', entries: 'integer' },
  key: ['reference'],
});

const days = defineTable<{ department: string; day: number; entries: number }>({
  name: 'days',
  columns: { department: 'text', day: 'integer', entries: 'integer' },
  key: ['department', 'day'],
});

const DAY_MS = 86_400_000;

export const company: ReadModel<Contact> = {
  name: 'company',
  routing: {
    name: 'routing',
    version: 1,
    tables: [subjects, identifiers, links] as never,
    prefetch(events, wish) {
      for (const event of events) {
        wish.row(subjects, event.subject);
        wish.row(identifiers, event.identifier);
      }
    },
    fold(event, rows) {
      const { subject, identifier } = event;
      if (rows.get(subjects, subject) === undefined)
        rows.put(subjects, { subject, customer: subject, first: event.recordedAt });
      const known = rows.get(identifiers, identifier);
      if (known === undefined) rows.put(identifiers, { identifier, subject, seen: event.recordedAt });
      else if (known.subject !== subject && rows.get(links, known.subject, subject) === undefined)
        rows.put(links, { a: known.subject, b: subject, position: Number(event.position) });
    },
    customerOf: (subject, rows) => rows.get(subjects, subject)?.customer ?? subject,
    subjectsOf: (customer) => [customer],
  },
  projections: [
    {
      name: 'timeline',
      version: 1,
      tables: [entries, references] as never,
      prefetch(events, wish) {
        for (const { reference } of events) if (reference !== undefined) wish.row(references, reference);
      },
      fold(event, rows) {
        const customer = rows.get(subjects, event.subject)?.customer ?? event.subject;
        rows.put(entries, {
          position: Number(event.position),
          customer,
          subject: event.subject,
          happened: event.recordedAt,
          channel: event.channel,
          department: event.department,
          reference: event.reference ?? null,
          body: event.body,
          words: `${event.channel} ${event.department} order ${event.subject} placed items`,
        });
        if (event.reference === undefined) return;
        const known = rows.get(references, event.reference);
        rows.put(references, { reference: event.reference, customer, entries: (known?.entries ?? 0) + 1 });
      },
    },
    {
      name: 'summary',
      version: 1,
      tables: [customers, channels, days] as never,
      prefetch(events, wish) {
        for (const { subject, channel } of events) {
          wish.row(customers, subject);
          wish.row(channels, subject, channel);
        }
      },
      fold(event, rows) {
        const customer = rows.get(subjects, event.subject)?.customer ?? event.subject;
        const { channel, department, recordedAt } = event;
        const known = rows.get(customers, customer);
        const counts = { ...known?.counts };
        counts[channel] = (counts[channel] ?? 0) + 1;
        rows.put(customers, {
          customer,
          first: known?.first ?? recordedAt,
          last: recordedAt,
          entries: (known?.entries ?? 0) + 1,
          counts,
        });
        const perChannel = rows.get(channels, customer, channel);
        rows.put(channels, { customer, channel, entries: (perChannel?.entries ?? 0) + 1 });
        const day = Math.floor(recordedAt / DAY_MS);
        const perDay = rows.get(days, department, day);
        rows.put(days, { department, day, entries: (perDay?.entries ?? 0) + 1 });
      },
    },
  ],
};

const CHANNELS = ['phone', 'email', 'chat', 'sms', 'wechat', 'web', 'app', 'store'];
const DEPARTMENTS = ['service', 'sales', 'finance', 'delivery', 'marketing', 'repair'];

/** Event at `position` (from 1) of a company with `subjects` data subjects; the same at every call. */
export function contactAt(position: number, subjectCount: number): Contact {
  const mixed = Math.imul(position, 2_654_435_761) >>> 0;
  const who = mixed % subjectCount;
  const channel = CHANNELS[(mixed >>> 8) % CHANNELS.length] ?? 'phone';
  return {
    position: BigInt(position),
    subject: hex(who),
    version: 0,
    recordedAt: 1_700_000_000_000 + position * 60_000,
    identifier: hex(who + ((mixed >>> 12) % 2) * 10_000_000),
    channel,
    department: DEPARTMENTS[(mixed >>> 16) % DEPARTMENTS.length] ?? 'sales',
    reference: mixed % 3 === 0 ? `order:shop:${position >>> 1}` : undefined,
    body: {
      items: [{ sku: `sku-${mixed % 5_000}`, quantity: 1 + (mixed % 3), price: '19.90' }],
      total: { amount: '42.00', currency: 'CNY' },
      store: `store-${mixed % 40}`,
    },
  };
}

function hex(number: number): string {
  return Math.imul(number + 1, 2_246_822_519)
    .toString(16)
    .replace('-', 'f')
    .padStart(24, '0');
}
