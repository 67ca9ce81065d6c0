import { eventIdOf } from '@touchline/touchpoints';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentCustomer } from './queries/customers.ts';
import { everything, freshKeys, TimelineFixture, touchpoint } from './testing/timeline-fixture.ts';

/** One account for each person, so that no order of arrival can bring two accounts of one owner together. */
const people = [0, 1, 2].map((person) => [
  `account:shop:${person}`,
  `tel:+861380013800${person}`,
  `mailto:p${person}@example.com`,
  `cookie:c${person}`,
]);

const types = ['touchline.note.added.v1', 'touchline.order.placed.v1', 'touchline.call.completed.v1'];

interface Story {
  readonly kind: 'touchpoint' | 'correction' | 'retraction';
  /** Which event is amended, few so that each is amended several times; also one that cannot be. */
  readonly target: number;
  readonly person: number;
  readonly first: number;
  readonly second: number;
  readonly minute: number;
  readonly type: string;
  readonly named: boolean;
}

const story: fc.Arbitrary<Story> = fc.record({
  kind: fc.constantFrom('touchpoint', 'touchpoint', 'correction', 'correction', 'retraction'),
  target: fc.nat(3),
  person: fc.nat(2),
  first: fc.nat(3),
  second: fc.nat(3),
  minute: fc.nat(4),
  type: fc.constantFrom(...types),
  named: fc.boolean(),
});

function eventOf({ kind, target, person, first, second, minute, type, named }: Story, at: number): object {
  const known = people[person] ?? [];
  const body = {
    description: `text ${at} 文字`,
    customer: { identifiers: [known[second]], ...(named ? { name: `name ${at}` } : {}) },
  };
  const event = {
    id: `e${at}`,
    time: `2026-03-01T10:${String(minute).padStart(2, '0')}:00Z`,
    subject: known[first],
  };
  if (kind === 'touchpoint') return { ...event, type, data: body };
  const what = { target: eventIdOf('/test', `e${target}`), reason: `reason ${at}` };
  return kind === 'correction'
    ? { ...event, type: 'touchline.record.corrected.v1', data: { ...what, replacement: body } }
    : { ...event, type: 'touchline.record.retracted.v1', data: what };
}

/** Everything readers can see, positions and recording times aside. */
async function seen(timeline: TimelineFixture): Promise<unknown> {
  const customers = await timeline.read(async (snapshot) => {
    const rows = await snapshot.all<{ subject: string }>(
      'SELECT subject FROM data_subjects ORDER BY subject',
    );
    return Promise.all(rows.map((row) => currentCustomer(snapshot, row.subject)));
  });
  const pages = [];
  for (const id of new Set(customers)) {
    const { entries } = await timeline.page(id ?? '');
    const all = await timeline.page(id ?? '', { filter: { ...everything, withRetracted: true } });
    const found = await timeline.page(id ?? '', { filter: { ...everything, words: ['1'] } });
    const whole = await Promise.all(all.entries.map(({ eventid }) => timeline.entry(eventid)));
    pages.push([id, entries, all.entries, found.entries, whole]);
  }
  return JSON.parse(
    JSON.stringify({ customers, pages }, (name, value) => (POSITIONAL.has(name) ? undefined : value)),
  );
}

const POSITIONAL = new Set(['position', 'recordedtime']);

async function afterRecording(events: readonly object[], keys: string): Promise<unknown> {
  const timeline = await TimelineFixture.open({ keys });
  try {
    await timeline.record(...events);
    return await seen(timeline);
  } finally {
    await timeline.close();
  }
}

test('any order of arrival leads to the same customers and the same timelines', async () => {
  const keys = await freshKeys();
  await fc.assert(
    fc.asyncProperty(
      fc.array(story, { minLength: 2, maxLength: 25 }).chain((stories) => {
        const events = stories.map(eventOf);
        return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
      }),
      async ([events, shuffled]) => {
        expect(await afterRecording(shuffled, keys)).toEqual(await afterRecording(events, keys));
      },
    ),
    { numRuns: 6 },
  );
}, 60_000);

test('recording touchpoints again answers the first receipts and changes no table', async () => {
  const timeline = await TimelineFixture.open();
  try {
    const events = fc.sample(story, { numRuns: 60, seed: 7 }).map(eventOf);
    const first = await timeline.record(...events);
    const digest = await timeline.generation.digest();
    const again = await timeline.backing.journal.record([...events, ...events.slice(0, 9)].map(touchpoint));
    expect(again.slice(0, first.length)).toEqual(first.map((outcome) => ({ ...outcome, duplicate: true })));
    expect(await timeline.backing.journal.head()).toBe(BigInt(events.length));
    expect(await timeline.generation.digest()).toEqual(digest);
  } finally {
    await timeline.close();
  }
}, 60_000);
