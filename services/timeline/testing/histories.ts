import { eventIdOf } from '@touchline/touchpoints';
import fc from 'fast-check';

/** Few of everything, so that identifiers collide, conflict and are shared. */
export const IDENTIFIERS = [
  'account:shop:1',
  'account:shop:2',
  'tel:+8613800138001',
  'tel:+8613800138002',
  'mailto:li.lei@example.com',
];
export const REFERENCES = ['order:shop:1', 'order:shop:2'];

const WORDS = ['sofa', 'table', '沙发', '退款'];
const TYPES = ['touchline.note.added.v1', 'touchline.order.placed.v1', 'touchline.call.completed.v1'];

const minute = fc.nat(12);
const text = fc.constantFrom(...WORDS);
const identifier = fc.constantFrom(...IDENTIFIERS);
const about = fc.subarray(REFERENCES, { maxLength: 1 });
const place = fc.nat(15);

const touch = fc.record({
  act: fc.constant('touch' as const),
  bears: fc.subarray(IDENTIFIERS, { minLength: 1, maxLength: 3 }),
  about,
  text,
  minute,
  type: fc.constantFrom(...TYPES),
  name: fc.option(fc.constantFrom('李雷', 'Li Lei', '韩梅梅')),
});
const mention = fc.record({
  act: fc.constant('mention' as const),
  about: fc.subarray(REFERENCES, { minLength: 1 }),
  text,
  minute,
});
const decision = fc.record({
  act: fc.constantFrom('merged' as const, 'merged' as const, 'nomerge-declared' as const),
  parties: fc.uniqueArray(identifier, { minLength: 2, maxLength: 2 }),
  minute,
});
const shared = fc.record({ act: fc.constant('shared' as const), identifier, minute });
const amendment = fc.record({
  act: fc.constantFrom('corrected' as const, 'corrected' as const, 'retracted' as const),
  bearer: identifier,
  target: place,
  text,
  channel: fc.constantFrom('phone', 'email'),
  minute,
});
/** Of a decision, earlier or later, by its place among them. */
const undo = fc.record({ act: fc.constant('undo' as const), nth: fc.nat(2), minute });

const happening = fc.oneof(
  { weight: 8, arbitrary: touch },
  { weight: 2, arbitrary: mention },
  { weight: 3, arbitrary: decision },
  { weight: 1, arbitrary: shared },
  { weight: 4, arbitrary: amendment },
  { weight: 2, arbitrary: undo },
);

type Happening = typeof happening extends fc.Arbitrary<infer Some> ? Some : never;

/** CloudEvents of a short history in which everything that changes what is known happens, also before its cause. */
export const histories: fc.Arbitrary<readonly object[]> = fc
  .array(happening, { minLength: 2, maxLength: 16 })
  .map((happened) => happened.map((one, at) => eventOf(decided(one, happened), at)));

/** Event id of the event at a place of a history. */
export function eventidAt(at: number): string {
  return eventIdOf('/test', `e${at}`);
}

function eventOf(happening: Happening, at: number): object {
  const time = new Date(Date.parse('2026-03-01T10:00:00Z') + happening.minute * 60_000).toISOString();
  return { id: `e${at}`, time, ...bodyOf(happening) };
}

/** An undo names its decision by its place in the history from here on. */
function decided(happening: Happening, history: readonly Happening[]): Happening {
  if (happening.act !== 'undo') return happening;
  const decisions = history.flatMap(({ act }, at) => (DECISIONS.has(act) ? [at] : []));
  return { ...happening, nth: decisions[happening.nth] ?? history.length };
}

const DECISIONS = new Set(['merged', 'nomerge-declared', 'shared']);

function bodyOf(happening: Happening): object {
  switch (happening.act) {
    case 'touch': {
      const { bears, about, text, type, name } = happening;
      const customer = { identifiers: bears, ...(name !== null && { name }) };
      return { type, data: { about, description: text, customer } };
    }
    case 'mention':
      return { data: { about: happening.about, description: happening.text } };
    case 'shared':
      return { type: 'touchline.identifier.marked-shared.v1', data: { identifier: happening.identifier } };
    case 'corrected':
    case 'retracted':
      return amendmentOf(happening);
    case 'undo': {
      const data = { decision: eventidAt(happening.nth), parties: [IDENTIFIERS[0]] };
      return { type: 'touchline.party.unmerged.v1', data };
    }
    default: {
      const data = { parties: happening.parties, reason: 'told so' };
      return { type: `touchline.party.${happening.act}.v1`, authid: 'ann', data };
    }
  }
}

function amendmentOf({
  act,
  bearer,
  target,
  text,
  channel,
}: Extract<Happening, { act: 'corrected' | 'retracted' }>) {
  const replacement = { description: text, channel };
  const data = { target: eventidAt(target), reason: 'wrong', ...(act === 'corrected' && { replacement }) };
  return { type: `touchline.record.${act}.v1`, subject: bearer, data };
}
