import type { Append, EventStore, RecordedEvent } from '@touchline/event-store';
import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import { type KeyRing, open, type SubjectKey } from '@touchline/vault';
import { describe, expect, it } from 'vitest';
import { clearPartOf } from './clear-part.ts';
import { createJournal } from './create-journal.ts';

/** What the log holds must stay readable for ever: these texts are never to be changed, only added to. */
const EVENTID = '1a3cb6ad-2662-5ddb-980f-0103852924e9';
const SUBJECT = '6098ec7a148e5ad510ed4678';
const SEALED =
  '1a.F0fXnQTxqKPOJ4D6yFiwwohxfL1DAVaR5qYdpXJMNEZbujy41dm3BaT9eDLl6QZsDPqWtnZTxNJ3nQgRqhh3X34NNahvT5i0jHdwv-jQT_K3' +
  'XqizClBV39umfl7j9ZveDm3wPppBwajzYos0B6C2X98L7q4iBGI_Hhw195qgbH5RP6_V-aGZ8mI2DJuvZk92MSVETf0pSz5PEIqJlt-lq7_AOgFh' +
  '4jE9WqBwa__X7hWTyHU_RaSwNUVvTVQfecPCoENRXwGNrBcSkYQWloFfwzuW1_L4cPtkzWDSaADdWpqKBcsc';
const CLEAR =
  '{"v":1,"ms":1772330400250,"who":["account:6098ec7a148e5ad510ed4678:shop","mailto:c1f45189375235e64874cc06"],' +
  '"e":{"department":"sales","id":"8891","source":"https://shop.example.cn","time":"2026-03-01T10:00:00.250+08:00"},' +
  '"d":{"about":["order:shop:8891"],"channel":"web"}}';
const STORED = `${CLEAR.slice(0, -1)},"s":"${SEALED}"}`;

const key: SubjectKey = { id: '1a', subject: SUBJECT, secret: Buffer.alloc(32, 3) };
const keyRing: KeyRing = {
  pepper: Buffer.alloc(32, 9),
  ensure: async (subjects) => new Map(subjects.map((subject) => [subject, key])),
  find: async () => new Map([[key.id, key]]),
  shred: async () => 0,
  close: async () => {},
};

const touchpoint: Touchpoint = {
  specversion: '1.0',
  id: '8891',
  source: 'https://shop.example.cn',
  type: 'touchline.order.placed.v1',
  time: '2026-03-01T10:00:00.250+08:00',
  subject: 'mailto:li.lei@example.com',
  department: 'sales',
  xcampaign: 'spring',
  data: {
    customer: { name: '李蕾', identifiers: ['account:shop:1001'] },
    description: '请按两次门铃',
    about: ['order:shop:8891'],
    channel: 'web',
    giftwrap: true,
  },
};

describe('the stored document', () => {
  it('is written as the README says', async () => {
    const [append] = await appendsOf([touchpoint]);
    const { s, ...clear } = JSON.parse(String(append?.events[0]?.data));
    expect(append).toMatchObject({ stream: `subject-${SUBJECT}` });
    expect(append?.events[0]).toMatchObject({
      id: EVENTID,
      type: 'touchline.order.placed.v1',
      fingerprint: 'hi5aWN77B3CZkEIV7vaBPA5A',
    });
    expect(JSON.stringify(clear)).toBe(CLEAR);
    expect(open(key, s, EVENTID)).toBe(open(key, SEALED, EVENTID));
  });

  it('of version 1 is read for ever', async () => {
    const event: RecordedEvent = {
      id: EVENTID,
      type: 'touchline.order.placed.v1',
      fingerprint: 'not read',
      data: STORED,
      position: 5n,
      stream: `subject-${SUBJECT}`,
      version: 2,
      recordedAt: 1_772_330_500_000,
    };
    const eventStore = { readAll: async () => [event] } as unknown as EventStore;
    expect(await createJournal({ eventStore, keyRing, catalogue }).read()).toStrictEqual([
      {
        position: 5n,
        eventid: EVENTID,
        recordedAt: 1_772_330_500_000,
        happenedAt: Date.parse(touchpoint.time),
        subject: SUBJECT,
        version: 2,
        identifiers: [
          { subject: SUBJECT, kind: 'account', owner: 'shop' },
          { subject: 'c1f45189375235e64874cc06', kind: 'mailto' },
        ],
        touchpoint,
        erased: false,
      },
    ]);
  });

  it('shows everybody what is clear, and of the rest only that it is sealed', () => {
    const { who, e, d } = JSON.parse(CLEAR);
    expect(clearPartOf({ data: STORED })).toStrictEqual({
      identifiers: who,
      envelope: e,
      data: d,
      sealed: { characters: SEALED.length },
    });
    expect(clearPartOf({ data: CLEAR }).sealed).toBeNull();
  });

  it.each([
    ['{"half', 'document-corrupt'],
    ['{"v":2,"sealed":"x"}', 'document-newer'],
  ])('that cannot be read is shown as such: %s', (data, damage) => {
    expect(clearPartOf({ data })).toStrictEqual({
      identifiers: [],
      envelope: {},
      data: {},
      sealed: null,
      damage,
    });
  });
});

async function appendsOf(touchpoints: readonly Touchpoint[]): Promise<readonly Append[]> {
  const seen: Append[] = [];
  const appendMany: EventStore['appendMany'] = async (appends) => {
    seen.push(...appends);
    return appends.map(({ events }, index) => ({
      ok: true,
      receipts: events.map(({ id }) => ({ id, position: BigInt(index + 1), version: 0, duplicate: false })),
    }));
  };
  await createJournal({ eventStore: { appendMany } as unknown as EventStore, keyRing, catalogue }).record(
    touchpoints,
  );
  return seen;
}
