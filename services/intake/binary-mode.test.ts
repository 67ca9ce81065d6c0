import { CloudEvent, HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntakeFixture } from './testing/intake-fixture.ts';
import { call } from './testing/intake-server.ts';

let door: IntakeFixture;
beforeAll(async () => {
  door = await IntakeFixture.open();
});
afterAll(() => door.close());

describe('binary mode', () => {
  const { data, ...attributes } = call(8, { id: 'ünï "8" 王', source: '/pbx/binary' });
  const headers = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]),
  );

  test('takes attributes from percent-encoded headers and data from the body', async () => {
    const answer = await door.post(data, { type: 'application/json', headers });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toMatchObject({ id: 'ünï "8" 王', source: '/pbx/binary' });
    const [found] = await door.recordedFrom('/pbx/binary');
    expect(found?.touchpoint).toMatchObject({ ...attributes, data });
  });

  test('and structured mode are recognised as the same event', async () => {
    expect((await door.post({ ...attributes, data })).json()).toMatchObject({ duplicate: true });
  });

  test('reads quoted values with backslashes', async () => {
    const quoted = { ...headers, 'ce-id': '"a \\"quoted\\" id"', 'ce-source': '"/pbx/quoted"' };
    expect((await door.post(data, { type: 'application/json', headers: quoted })).json()).toMatchObject({
      id: 'a "quoted" id',
      source: '/pbx/quoted',
    });
  });

  test('refuses headers that are not percent-encoded UTF-8, by name', async () => {
    for (const value of ['100%', '%ff', '%C3%28']) {
      const answer = await door.post(data, {
        type: 'application/json',
        headers: { ...headers, 'ce-id': value },
      });
      expect(answer.json()).toMatchObject({
        code: 'invalid-header',
        errors: [{ pointer: '/ce-id', in: 'header' }],
      });
    }
  });

  test('is what the CloudEvents library sends', async () => {
    const message = HTTP.binary(new CloudEvent({ ...call(9, { source: '/sdk/binary' }) } as never));
    const sent = await door.post(String(message.body), {
      type: 'application/json',
      headers: message.headers as never,
    });
    expect(sent.statusCode).toBe(201);
    const structured = HTTP.structured(
      new CloudEvent({ ...call(10, { source: '/sdk/structured' }) } as never),
    );
    const type = String(structured.headers['content-type']);
    expect((await door.post(String(structured.body), { type })).statusCode).toBe(201);
  });
});
