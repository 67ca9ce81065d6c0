import { expect, it } from 'vitest';
import { type Explanation, explain } from './explain.ts';
import { Story } from './story.ts';
import { DECISIONS, IDENTIFIERS, LINKS, REVIEWS, TIES, UNDOS } from './tables.ts';

function explained({ rows }: Story, customer: string): Explanation {
  return explain({
    customer,
    identifiers: rows.all(IDENTIFIERS),
    links: rows.all(LINKS),
    ties: rows.all(TIES),
    decisions: rows.all(DECISIONS),
    undos: rows.all(UNDOS),
    reviews: rows.all(REVIEWS),
  });
}

it('tells each link with the first event that proves it, without shared identifiers', () => {
  const story = new Story();
  story.declaresShared('tel:+861001');
  const first = story.sees(['account:shop:1', 'tel:+861001', 'cookie:c1']);
  story.sees(['account:shop:1', 'tel:+861001', 'cookie:c1']);
  story.sees(['account:shop:2', 'tel:+861001']);
  const { identifiers, links } = explained(story, 'account:shop:1');
  expect(identifiers.map((row) => row.subject)).toEqual(['account:shop:1', 'cookie:c1']);
  expect(links).toEqual([{ subjects: ['account:shop:1', 'cookie:c1'], position: 2, eventid: first }]);
});

it('tells each decision with who, when and what undid it, in the order of the log', () => {
  const story = new Story();
  story.sees(['account:shop:1']);
  const merge = story.merges('account:shop:1', 'cookie:c1');
  const undo = story.undoes(merge);
  const again = story.merges('cookie:c1', 'account:shop:1');
  expect(explained(story, 'account:shop:1').decisions).toMatchObject([
    { eventid: merge, decidedBy: 'ann', happenedAt: 20, active: 0, undone: { eventid: undo } },
    { eventid: again, decidedBy: 'ann', happenedAt: 40, active: 1, undone: null },
  ]);
});

it('tells ties, and what was refused, but gives no refused link as a reason', () => {
  const story = new Story();
  story.sees(['account:shop:1', 'cookie:c1'], { about: ['order:shop:1'] });
  story.sees(['account:shop:2', 'cookie:c2']);
  story.sees(['cookie:c1', 'cookie:c2']);
  story.sees([], { about: ['order:shop:1'] });
  const { links, ties, reviews } = explained(story, 'account:shop:1');
  expect(links.map((link) => link.subjects)).toEqual([['account:shop:1', 'cookie:c1']]);
  expect(ties).toMatchObject([{ subject: 'order:shop:1', owner: 'account:shop:1' }]);
  expect(reviews).toMatchObject([
    { subjects: ['cookie:c1', 'cookie:c2'], why: 'accounts', detail: ['shop'] },
  ]);
});
