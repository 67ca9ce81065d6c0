import { catalogue, type Touchpoint } from '@touchline/touchpoints';
import { openJournal } from './compose.ts';

/** A process of its own for tests: records notes about the same customers as its siblings, each note its own commit. */
const [folder = '', source = '', customers = '0'] = process.argv.slice(2);
const opened = await openJournal(folder);
for (let customer = 0; customer < Number(customers); customer++)
  await opened.journal.record([note(customer)]);
await opened.close();

function note(customer: number): Touchpoint {
  const event = {
    specversion: '1.0',
    id: `note-${customer}`,
    source,
    type: 'touchline.note.added.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: `account:shop:${customer}`,
    department: 'service',
    data: { description: `noted by ${source}` },
  };
  const parsed = catalogue.parse(event, { now: Date.parse('2026-03-02T00:00:00Z') });
  if (!parsed.ok) throw new Error('the note is no touchpoint');
  return parsed.touchpoint;
}
