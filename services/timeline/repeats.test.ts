import { ScriptedServer } from '@touchline/event-store/eventstoredb/testing';
import { repeatedTable } from '@touchline/read-store';
import { expect, test } from 'vitest';
import { TimelineFixture } from './testing/timeline-fixture.ts';

const LI = 'account:shop:1';
const HAN = 'account:shop:2';

test('an id used again for another customer, which EventStoreDB takes, is no second entry and no customer', async () => {
  const server = await ScriptedServer.start();
  const timeline = await TimelineFixture.open({ eventStore: server.url });
  try {
    const said = { id: 'call', data: { description: 'said once' } };
    const [first] = await timeline.record({ ...said, subject: LI });
    const [again] = await timeline.record({ ...said, subject: HAN });
    if (!first?.ok || !again?.ok) throw new Error('the log takes both');
    expect([first.duplicate, again.duplicate, again.eventid]).toEqual([false, false, first.eventid]);
    const customer = await timeline.customerOf(LI);
    expect((await timeline.page(customer ?? '')).entries).toMatchObject([
      { position: String(first.position) },
    ]);
    expect(await timeline.customerOf(HAN)).toBeUndefined();
    const dropped = await timeline.read((snapshot) =>
      snapshot.all(`SELECT position, first, subject FROM ${repeatedTable.name}`),
    );
    const { subject } = timeline.backing.journal.identify(HAN);
    expect(dropped).toEqual([{ position: Number(again.position), first: Number(first.position), subject }]);
    expect(await timeline.backing.journal.mark()).toBe(`${first.eventid} at ${first.position}`);
  } finally {
    await timeline.close();
    server.stop();
  }
}, 60_000);
