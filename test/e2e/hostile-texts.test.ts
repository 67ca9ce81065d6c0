import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, placesOf } from '../support/problem.ts';
import { note } from '../support/sample-events.ts';
import { TOKEN, TouchlineProcess } from '../support/touchline-process.ts';

let folder: string;
let touchline: TouchlineProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-hostile-texts-'));
  // Everything that can be logged is logged.
  touchline = await TouchlineProcess.start({
    dataFolder: folder,
    environment: { TOUCHLINE_LOG_LEVEL: 'trace' },
  });
});
afterAll(async () => {
  await touchline?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Entry {
  readonly id: string;
  readonly department: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const timelineOf = async (identifier: string, position: string): Promise<readonly Entry[]> => {
  const headers = { 'touchline-min-position': position };
  const query = `identifier=${encodeURIComponent(identifier)}`;
  const { items } = await touchline.json<{ items: { customerid: string }[] }>(`/v1/customers?${query}`, {
    headers,
  });
  const path = `/v1/customers/${items[0]?.customerid}/timeline`;
  return (await touchline.json<{ items: Entry[] }>(path, { headers })).items;
};

const TEXTS = {
  family: '👨‍👩‍👧‍👦🏳️‍🌈',
  'right to left': 'شكرا \u202eevil\u202c',
  'beyond the plane': '𠮷野家 𝕏',
  'many marks': `Z${'\u0301\u0489'.repeat(50)}`,
  noncharacter: '\uffff\ufdd0\ufeff',
  'no break': 'a\u00a0b\u200bc',
  database: `'; DROP TABLE events; -- " OR ""="`,
  markup: '<script>alert(1)</script><img src=x onerror=alert(1)>',
  template: '#{7*7} {{7*7}} %s %n',
  path: '../../../etc/passwd',
} as const;

test.each(Object.entries(TEXTS))('a text of the kind "%s" comes back as it was sent', async (kind, text) => {
  const subject = `account:shop:${text}`.normalize('NFC');
  const data = {
    description: `${text}\r\n\t${text}`,
    customer: { name: text, [text]: text },
    agent: { name: text },
    [text]: [text],
  };
  const sent = note(text, {
    subject,
    department: text.slice(0, 60),
    correlationid: text,
    extension: text,
    data,
  });
  const answer = await touchline.post(sent);
  const { position, id } = (await answer.json()) as { position: string; id: string };
  expect([kind, answer.status, id]).toEqual([kind, 201, text]);
  const [entry] = await timelineOf(subject, position);
  expect(entry).toMatchObject({ id: text, department: text.slice(0, 60), data });
  for (const path of ['/v1/search', '/v1/customers/{}/timeline']) {
    const { customerid } = (
      await touchline.json<{ items: { customerid: string }[] }>('/v1/customers?recent=1')
    ).items[0] ?? { customerid: '' };
    const found = await touchline.fetch(`${path.replace('{}', customerid)}?q=${encodeURIComponent(text)}`);
    expect([path, found.status]).toEqual([path, 200]);
  }
});

describe.each([
  ['U+0000', 'a\u0000b'],
  ['half a character', '\ud83d'],
])('%s', (_name, text) => {
  test.each<[string, object]>([
    ['/id', { id: text }],
    ['/source', { source: text }],
    ['/type', { type: text }],
    ['/time', { time: text }],
    ['/subject', { subject: `account:shop:${text}` }],
    ['/department', { department: text }],
    ['/correlationid', { correlationid: text }],
    ['/extension', { extension: text }],
    ['/data/description', { data: { description: text } }],
    ['/data/customer/name', { data: { customer: { name: text } } }],
    ['/data/customer/identifiers/0', { data: { customer: { identifiers: [`account:shop:${text}`] } } }],
    ['/data/about/0', { data: { about: [`order:shop:${text}`] } }],
    ['/data/unknown/0/deep', { data: { unknown: [{ deep: text }] } }],
    [`/data/${text}`, { data: { [text]: 1 } }],
  ])('is refused at %j', async (pointer, change) => {
    const places = placesOf(
      await expectProblem(await touchline.post(note('hostile', change)), 'invalid-touchpoint'),
    );
    expect(places).toContain(`${pointer} malformed-text`);
  });
});

test('neither secrets nor personal data reach the log, whatever goes wrong', async () => {
  const secrets = ['Zhangsan-Marker', '13800138123', 'zhangsan.marker', 'wrong-token-marker', TOKEN];
  const [name, number, mail, wrong] = secrets;
  const identifier = encodeURIComponent(`tel:+86${number}`);
  const personal = note('personal', {
    subject: `mailto:${mail}@example.com`,
    data: { description: `${name} called`, customer: { name, identifiers: [`tel:+86${number}`] } },
  });
  await touchline.post(personal);
  await touchline.post({ ...personal, department: 'sales' });
  await touchline.post({ ...personal, time: name, id: 7 });
  await touchline.post(personal, { body: `${JSON.stringify(personal)} ${name}` });
  for (const path of [
    `/v1/customers?identifier=${identifier}`,
    `/v1/customers?identifier=${name}`,
    `/v1/search?q=${name}`,
    `/v1/search?q=${name}&limit=${name}`,
    `/v1/customers/${name}`,
    `/${name}`,
    `/%${name}`,
    `/v1/customers/${name?.repeat(50)}`,
  ])
    await touchline.fetch(path);
  await fetch(new URL(`/?token=${wrong}`, touchline.origin));
  await fetch(new URL(`/?token=${TOKEN}`, touchline.origin), { redirect: 'manual' });
  await fetch(new URL('/v1/status', touchline.origin), { headers: { authorization: `Bearer ${wrong}` } });
  await fetch(new URL('/v1/status', touchline.origin), {
    headers: { cookie: `touchline_session_0=${wrong}` },
  });
  await touchline.stop();
  const log = touchline.output.split('\n').filter((line) => line.startsWith('{'));
  expect(log.length).toBeGreaterThan(40);
  for (const line of log)
    for (const secret of [...secrets, ...Object.values(TEXTS)]) expect(line).not.toContain(secret);
});
