import { describe, expect, it, vi } from 'vitest';
import { Story } from './story.ts';
import { IDENTIFIERS } from './tables.ts';

const LI = 'account:shop:1';
const MAIL = 'mailto:li@example.com';
const COOKIE = 'cookie:c1';

describe('a touchpoint that says nothing new', () => {
  const rowsLookedAt = (story: Story, tell: () => void): number => {
    const looks = vi.spyOn(story.rows, 'get');
    tell();
    return looks.mock.calls.length;
  };

  it('is folded without a look at any row when one like it came before', () => {
    const story = new Story();
    story.sees([LI, MAIL], { at: 50 });
    expect(rowsLookedAt(story, () => story.sees([LI, MAIL], { at: 50 }))).toBe(0);
    expect(rowsLookedAt(story, () => story.sees([LI, MAIL], { at: 99 }))).toBe(0);
  });

  it('is told from one with another data subject, other identifiers or an earlier time', () => {
    const story = new Story();
    story.sees([LI, MAIL], { at: 50 });
    for (const tell of [
      () => story.sees([MAIL, LI], { at: 60 }),
      () => story.sees([LI, MAIL, COOKIE], { at: 60 }),
      () => story.sees([LI], { at: 40 }),
    ])
      expect(rowsLookedAt(story, tell)).toBeGreaterThan(0);
    expect(story.rows.get(IDENTIFIERS, LI)?.firstAt).toBe(40);
  });

  it('is looked at again while the text of an identifier is not known', () => {
    const story = new Story();
    story.sees([LI], { at: 50, erased: true });
    story.sees([LI], { at: 60 });
    expect(story.rows.get(IDENTIFIERS, LI)?.value).toBe(LI);
  });
});
