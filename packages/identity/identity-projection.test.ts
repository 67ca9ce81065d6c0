import { describe, expect, it } from 'vitest';
import { Story } from './story.ts';
import { DECISIONS, IDENTIFIERS, REFERENCES, TIES, UNDOS } from './tables.ts';

const LI = 'account:shop:1';
const WANG = 'account:shop:2';
const HOME = 'tel:+861001';
const MAIL = 'mailto:li@example.com';
const COOKIE = 'cookie:c1';
const ORDER = 'order:shop:8891';
const PARCEL = 'parcel:sf:77';

describe('links', () => {
  it('make identifiers seen together one customer, also by way of a third', () => {
    const story = new Story();
    story.sees([LI, MAIL]);
    story.sees([MAIL, COOKIE]);
    story.sees([WANG]);
    expect(story.customers).toEqual([[LI, COOKIE, MAIL].sort(), [WANG]]);
  });

  it('name the customer by its oldest data subject; superseded ids find it', () => {
    const story = new Story();
    story.sees([LI], { at: 50 });
    story.sees([COOKIE], { at: 20 });
    expect(story.names).toEqual([LI, COOKIE].sort());
    story.sees([LI, COOKIE], { at: 60 });
    expect(story.names).toEqual([COOKIE]);
    expect(story.customerOf(LI)).toBe(COOKIE);
  });

  it('rename the customer when an older touchpoint arrives late', () => {
    const story = new Story();
    story.sees([COOKIE], { at: 20 });
    story.sees([LI, COOKIE], { at: 60 });
    story.sees([LI], { at: 10 });
    expect(story.names).toEqual([LI]);
    expect(story.customerOf(COOKIE)).toBe(LI);
  });

  it('write nothing when they repeat', () => {
    const story = new Story();
    story.sees([LI, MAIL], { about: [ORDER] });
    const { changes } = story.rows;
    story.sees([LI, MAIL], { about: [ORDER] });
    story.sees([MAIL], { at: 999 });
    expect(story.rows.changes - changes).toBe(1); // MAIL became a data subject
    story.sees([MAIL], { at: 9999 });
    expect(story.rows.changes - changes).toBe(1);
  });
});

describe('shared identifiers', () => {
  it('are detected when seen directly with two accounts of one system, and earlier links through them dissolve', () => {
    const story = new Story();
    story.sees([LI, HOME]);
    expect(story.customers).toEqual([[LI, HOME]]);
    story.sees([WANG, HOME]);
    expect(story.customers).toEqual([[LI], [WANG], [HOME]]);
    expect(story.rows.get(IDENTIFIERS, HOME)?.shared).toBe('detected');
    expect(story.reviews).toEqual([]);
  });

  it('are detected on one touchpoint that bears both accounts; the accounts themselves go to review', () => {
    const story = new Story();
    const event = story.sees([LI, WANG, HOME]);
    expect(story.customers).toEqual([[LI], [WANG], [HOME]]);
    expect(story.reviews).toEqual([`${LI} ${WANG} ${HOME} (accounts: shop) by ${event}`]);
  });

  it('are not detected by accounts of different systems', () => {
    const story = new Story();
    story.sees([LI, HOME]);
    story.sees(['account:erp:9', HOME]);
    expect(story.customers).toEqual([['account:erp:9', LI, HOME]]);
  });

  it('leave the other identifiers of a touchpoint linked', () => {
    const story = new Story();
    story.declaresShared(HOME);
    story.sees([LI, HOME, COOKIE]);
    expect(story.customers).toEqual([[LI, COOKIE], [HOME]]);
  });

  it('link again when a declaration is undone, unless they were detected too', () => {
    const story = new Story();
    story.sees([LI, HOME]);
    const declared = story.declaresShared(HOME);
    expect(story.customers).toEqual([[LI], [HOME]]);
    story.undoes(declared);
    expect(story.customers).toEqual([[LI, HOME]]);
    const again = story.declaresShared(HOME);
    story.sees([WANG, HOME]);
    story.undoes(again);
    expect(story.customers).toEqual([[LI], [WANG], [HOME]]);
  });

  it('keep their own touchpoints as a customer of their own', () => {
    const story = new Story();
    story.sees([HOME], { at: 1 });
    story.sees([LI, HOME]);
    expect(story.names).toEqual([HOME]);
    story.sees([WANG, HOME]);
    expect(story.names).toEqual([LI, WANG, HOME]);
  });
});

describe('accounts of one system', () => {
  it('are never joined by the machine; the attempt becomes a review', () => {
    const story = new Story();
    story.sees([LI, MAIL]);
    story.sees([WANG, COOKIE]);
    const event = story.sees([MAIL, COOKIE]);
    expect(story.customers).toEqual([
      [LI, MAIL],
      [WANG, COOKIE],
    ]);
    expect(story.reviews).toEqual([`${COOKIE} ${MAIL} (accounts: shop) by ${event}`]);
  });

  it('are joined by a person, each with all that belongs to it, whatever names the customers', () => {
    const story = new Story();
    story.sees([MAIL]);
    story.sees([LI, MAIL]);
    story.sees([COOKIE]);
    story.sees([WANG, COOKIE]);
    const merge = story.merges(MAIL, COOKIE);
    expect(story.customers).toEqual([[LI, WANG, COOKIE, MAIL]]);
    story.undoes(merge);
    expect(story.customers).toEqual([
      [LI, MAIL],
      [WANG, COOKIE],
    ]);
  });

  it('of a merged customer still keep the machine from joining a third', () => {
    const story = new Story();
    story.sees([LI, MAIL]);
    story.merges(LI, WANG);
    story.sees(['account:shop:3', COOKIE]);
    story.sees([MAIL, COOKIE]);
    expect(story.customers).toEqual([
      [LI, WANG, MAIL],
      ['account:shop:3', COOKIE],
    ]);
  });
});

describe('decisions', () => {
  it('settle a review: a merge removes it, a no-merge answers it', () => {
    const story = new Story();
    story.sees([LI, MAIL]);
    story.sees([WANG, COOKIE]);
    const event = story.sees([MAIL, COOKIE]);
    const merge = story.merges(LI, WANG);
    story.undoes(merge);
    const forbidden = story.forbids(LI, WANG);
    expect(story.reviews).toEqual([`${COOKIE} ${MAIL} (nomerge: ${forbidden}) by ${event}`]);
  });

  it('of no-merge separate what links joined, by the latest link that completes the path', () => {
    const story = new Story();
    story.sees([LI, MAIL]);
    story.sees([MAIL, HOME]);
    const last = story.sees([HOME, COOKIE]);
    const forbidden = story.forbids(LI, COOKIE);
    expect(story.customers).toEqual([[LI, MAIL, HOME], [COOKIE]]);
    expect(story.reviews).toEqual([`${COOKIE} ${HOME} (nomerge: ${forbidden}) by ${last}`]);
    story.undoes(forbidden);
    expect(story.customers).toEqual([[LI, COOKIE, MAIL, HOME]]);
    expect(story.reviews).toEqual([]);
  });

  it('on the same two parties: the last active word counts', () => {
    const story = new Story();
    story.sees([LI]);
    story.sees([COOKIE]);
    story.merges(LI, COOKIE);
    const forbidden = story.forbids(COOKIE, LI);
    expect(story.customers).toEqual([[LI], [COOKIE]]);
    const merge = story.merges(LI, COOKIE);
    expect(story.customers).toEqual([[LI, COOKIE]]);
    story.undoes(merge);
    expect(story.customers).toEqual([[LI], [COOKIE]]);
    story.undoes(forbidden);
    expect(story.customers).toEqual([[LI, COOKIE]]);
  });

  it('say who and when, and keep their undo beside them', () => {
    const story = new Story();
    const merge = story.merges(LI, COOKIE);
    const undo = story.undoes(merge);
    const said = { decidedBy: 'ann', reason: 'because' };
    expect(story.rows.get(DECISIONS, merge)).toMatchObject({ ...said, happenedAt: 10, active: 0 });
    expect(story.rows.get(UNDOS, merge)).toMatchObject({ ...said, happenedAt: 20, eventid: undo });
  });

  it('stay without effect when their undo came first', () => {
    const story = new Story();
    story.undoes('event-2');
    story.merges(LI, COOKIE);
    expect(story.customers).toEqual([[LI], [COOKIE]]);
  });

  it('make nobody a data subject', () => {
    const story = new Story();
    story.sees([LI, COOKIE]);
    story.merges(COOKIE, LI);
    expect(story.rows.get(IDENTIFIERS, COOKIE)?.firstAt).toBeNull();
  });
});

describe('references', () => {
  it('bring touchpoints without identifiers to whoever owns the order, in any order of arrival', () => {
    for (const isOrderFirst of [true, false]) {
      const story = new Story();
      if (isOrderFirst) story.sees([LI], { at: 10, about: [ORDER] });
      story.sees([], { at: 20, about: [ORDER] });
      if (!isOrderFirst) story.sees([LI], { at: 10, about: [ORDER] });
      expect(story.customers).toEqual([[LI, ORDER]]);
      expect(story.names).toEqual([LI]);
    }
  });

  it('are looked at in the order given, until one has an owner', () => {
    const story = new Story();
    story.sees([LI], { about: ['order:shop:1'] });
    story.sees([WANG], { about: ['order:shop:2'] });
    story.sees([], { about: [PARCEL, 'order:shop:2', 'order:shop:1'] });
    expect(story.customerOf(PARCEL)).toBe(WANG);
    story.sees([COOKIE], { at: 1, about: [PARCEL] });
    expect(story.customerOf(PARCEL)).toBe(COOKIE);
    expect(story.rows.all(TIES)).toMatchObject([{ subject: PARCEL, owner: COOKIE, reference: PARCEL }]);
  });

  it('move to the owner of the earliest touchpoint when it arrives late', () => {
    const story = new Story();
    story.sees([LI], { at: 50, about: [ORDER] });
    story.sees([], { at: 60, about: [ORDER] });
    story.sees([WANG], { at: 40, about: [ORDER] });
    expect(story.customers).toEqual([[LI], [WANG, ORDER]]);
  });

  it('neither link two owners nor make anything shared', () => {
    const story = new Story();
    story.sees([LI], { about: [ORDER] });
    story.sees([WANG], { about: [ORDER] });
    story.sees([], { about: [ORDER] });
    expect(story.customers).toEqual([[LI, ORDER], [WANG]]);
    expect(story.reviews).toEqual([]);
  });

  it('cost one row each, owned by the data subject of the touchpoint; others that claim it are noted once', () => {
    const story = new Story();
    const event = story.sees([LI, MAIL], { at: 7, about: [ORDER] });
    expect(story.rows.all(REFERENCES)).toEqual([
      {
        reference: ORDER,
        owner: LI,
        happenedAt: 7,
        eventid: event,
        position: 1,
        mentioned: 0,
        claimants: null,
      },
    ]);
    story.sees([WANG], { at: 9, about: [ORDER] });
    story.sees([WANG], { at: 8, about: [ORDER] });
    expect(story.rows.all(REFERENCES)).toMatchObject([{ owner: LI, claimants: [LI, WANG] }]);
  });
});

describe('plain values', () => {
  it('are kept from the first event that can be opened; erased ones stay unknown', () => {
    const story = new Story();
    story.sees([LI, MAIL], { erased: true });
    expect(story.rows.all(IDENTIFIERS).map((row) => row.value)).toEqual([null, null]);
    story.sees([MAIL]);
    expect(story.rows.all(IDENTIFIERS).map((row) => row.value)).toEqual([null, MAIL]);
    expect(story.customers).toEqual([[LI, MAIL]]);
  });
});
