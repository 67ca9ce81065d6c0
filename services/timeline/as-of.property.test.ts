import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventidAt, histories, IDENTIFIERS, REFERENCES } from './testing/histories.ts';
import { TimelineApp } from './testing/timeline-app.ts';
import { TimelineFixture } from './testing/timeline-fixture.ts';

const FILTERS = [
  'limit=3',
  'limit=2&order=asc&include=retracted',
  'q=sofa&include=retracted',
  `q=${encodeURIComponent('退款')}`,
  'channel=phone,email',
  'type=note.added,record.corrected',
  'department=service&from=2026-03-01T10:03:00Z&to=2026-03-01T10:09:00Z',
];

type Said = readonly [path: string, query: string, answer: unknown];

/** Everything that can be asked, as of a point where one is given. */
async function everythingSaid(app: TimelineApp, { ids, events }: Known, asof = ''): Promise<Said[]> {
  const said: Said[] = [];
  const say = async (path: string, query = ''): Promise<unknown> => {
    const answer = await answerTo(app, path, [query, asof].filter(Boolean).join('&'));
    said.push([path, query, answer]);
    return answer;
  };
  for (const id of ids) {
    const customer = await say(`/v1/customers/${id}`);
    if (typeof customer === 'string') continue; // the way to another customer, or to none
    await say(`/v1/customers/${id}/identity`);
    for (const filter of FILTERS) await say(`/v1/customers/${id}/timeline`, filter);
  }
  for (const one of IDENTIFIERS) await say('/v1/customers', `identifier=${encodeURIComponent(one)}`);
  for (let at = 0; at < events; at++) await say(`/v1/entries/${eventidAt(at)}`);
  await say('/v1/customers', 'recent=3');
  return said;
}

interface Known {
  readonly ids: readonly string[];
  readonly events: number;
}

/** Whatever an answer says, but which page of which list it is. */
async function answerTo(app: TimelineApp, path: string, query: string): Promise<unknown> {
  if (path.endsWith('/timeline')) return app.walk(path, query);
  const { status, headers, body } = await app.ask(`${path}?${query}`);
  if (status === 308) return String(headers.location).replace(/\?.*/, '');
  if (status === 404) return 'unknown';
  expect(body).not.toHaveProperty('code');
  return body;
}

/** The position, or where nothing later was recorded in the same millisecond its time. */
function askedAs(at: number, times: readonly string[]): string {
  const position = at + 1;
  const isLast = times[position] !== times[at];
  return isLast && position % 2 === 0 ? `asof=${times[at]}` : `asof=${position}`;
}

test('as of any position or time, everything is answered as it was then', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (events) => {
      const timeline = await TimelineFixture.open();
      const app = await TimelineApp.open(timeline);
      try {
        const ids = [...IDENTIFIERS, ...REFERENCES].map(
          (one) => timeline.backing.journal.identify(one).subject,
        );
        const known = { ids, events: events.length };
        const told: unknown[] = [];
        for (const event of events) {
          await timeline.record(event);
          told.push(await everythingSaid(app, known));
        }
        const times = (await timeline.backing.journal.read()).map(({ recordedAt }) =>
          new Date(recordedAt).toISOString(),
        );
        for (const [at, then] of told.entries())
          expect(await everythingSaid(app, known, askedAs(at, times))).toEqual(then);
      } finally {
        await app.close();
        await timeline.close();
      }
    }),
    { numRuns: 8 },
  );
}, 300_000);
