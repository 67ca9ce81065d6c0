import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntakeFixture } from './testing/intake-fixture.ts';

let door: IntakeFixture;
beforeAll(async () => {
  door = await IntakeFixture.open();
});
afterAll(() => door.close());

describe('the catalogue', () => {
  test('lists every type with fields, what is personal, words and JSON Schema', async () => {
    const { items, next } = (await door.get('/v1/event-types')).json();
    expect(next).toBeNull();
    expect(items.length).toBe(door.backing.catalogue.types.size);
    const registered = items.find(
      ({ type }: { type: string }) => type === 'touchline.customer.registered.v1',
    );
    expect(registered).toMatchObject({
      group: 'party',
      summary: { en: expect.any(String), zh: expect.any(String) },
    });
    const personal = Object.fromEntries(
      registered.fields.map((field: { name: string; personal: boolean }) => [field.name, field.personal]),
    );
    expect(personal).toMatchObject({
      birthday: true,
      address: true,
      customer: true,
      segment: false,
      channel: false,
    });
    expect(registered.schema.properties.data.properties.birthday['x-personal']).toBe(true);
  });

  test('answers one type, or 404 with the nearest names', async () => {
    const one = (await door.get('/v1/event-types/touchline.party.merged.v1')).json();
    expect(one.fields).toContainEqual(
      expect.objectContaining({ name: 'parties', required: true, personal: true }),
    );
    expect((await door.get('/v1/event-types/touchline.party.merge.v1')).json()).toMatchObject({
      status: 404,
      code: 'unknown-event-type',
      detail: expect.stringContaining('touchline.party.merged.v1'),
    });
  });
});
