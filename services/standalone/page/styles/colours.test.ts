import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Contrast for text of ordinary size, as WCAG 2.2 asks for (success criterion 1.4.3). */
const READABLE = 4.5;

const sheet = readFileSync(new URL('./colours.css', import.meta.url), 'utf8');
const [lightPart = '', darkPart = ''] = sheet.split('@media (prefers-color-scheme: dark)');
const light = coloursOf(lightPart);
const dark = coloursOf(darkPart);

describe.each([
  ['light', light],
  ['dark', dark],
])('in the %s scheme', (_, colours) => {
  const texts = ['ink', 'quiet', 'accent', 'good', 'warn', 'bad', 'contact', 'sales', 'delivery', 'finance'];
  const more = ['service', 'promise', 'feedback', 'other'];

  test.each([...texts, ...more])('%s can be read on paper and on a card', (name) => {
    for (const ground of ['paper', 'card'])
      expect(contrast(colours[name], colours[ground])).toBeGreaterThan(READABLE);
  });

  test.each([
    ['warn', 'warn-soft'],
    ['bad', 'bad-soft'],
    ['accent', 'accent-soft'],
    ['on-accent', 'accent'],
    ['quiet', 'bad-soft'],
    ['ink', 'mark'],
  ])('%s can be read on %s', (name, ground) => {
    expect(contrast(colours[name], colours[ground])).toBeGreaterThan(READABLE);
  });
});

test('both schemes have the same colours', () => {
  expect(Object.keys(dark)).toEqual(Object.keys(light));
});

function coloursOf(part: string): Record<string, string> {
  return Object.fromEntries(
    [...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
  );
}

function contrast(one = '', other = ''): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
