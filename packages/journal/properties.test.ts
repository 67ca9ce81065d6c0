import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, type Example, examples, isCustomerId, type Touchpoint } from '@touchline/touchpoints';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedJournal, openJournal } from './testing/compose.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');
const FORBIDDEN_KEYS = new Set(['__proto__', 'customer', 'description', 'parties', 'identifier', 'decision']);

let folder: string;
let opened: OpenedJournal;
let run = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-properties-'));
  opened = await openJournal(folder);
});

afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

describe('what must always hold of the journal', { timeout: 60_000 }, () => {
  it('leaves no personal text in any file, neither plain nor encoded', async () => {
    const written = fc.sample(personalArbitrary(), 100);
    const touchpoints = written.map((personal, index) => bearing(personal, `personal-${index}`));
    const outcomes = await opened.journal.record([...touchpoints, bearing(CONTROL, 'control')]);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    const bytes = await allBytes();
    expect(bytes.includes(CONTROL.department)).toBe(true);
    for (const personal of written) {
      for (const text of [personal.token, personal.name]) {
        const found = encodings(text).filter((encoded) => bytes.includes(encoded));
        expect(found.map((encoded) => `${text} as ${encoded.toString('latin1')}`)).toEqual([]);
      }
    }
  });

  it('leaves no personal field of any type in any file', async () => {
    const source = '/personal/examples';
    const touchpoints = [...examples.values()].map((example) => parse({ ...example, source }));
    await opened.journal.record(touchpoints);
    const clear = touchpoints.map((touchpoint) => JSON.stringify(clearPart(touchpoint))).join('\n');
    const texts = touchpoints
      .flatMap(personalTexts)
      .filter((text) => text.length >= 6 && !isCustomerId(text) && !clear.includes(text));
    expect(texts.length).toBeGreaterThan(50);
    const bytes = await allBytes();
    expect(texts.filter((text) => encodings(text).some((encoded) => bytes.includes(encoded)))).toEqual([]);
  });

  it('reads what was recorded, whatever fields and extensions came with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(touchpointArbitrary(), { minLength: 1, maxLength: 8 }),
        async (touchpoints) => {
          const prefix = `run-${run++}`;
          const renamed = touchpoints.map((touchpoint, index) => ({
            ...touchpoint,
            id: `${prefix}-${index}`,
          }));
          const before = await opened.journal.head();
          const outcomes = await opened.journal.record(renamed);
          expect(outcomes.every(({ ok }) => ok)).toBe(true);
          const read = await opened.journal.read({ after: before });
          expect(read.map(({ touchpoint }) => touchpoint)).toStrictEqual(renamed.map(asJson));
          const repeats = await opened.journal.record(renamed.map(reordered));
          expect(repeats.map((outcome) => outcome.ok && outcome.duplicate)).toEqual(renamed.map(() => true));
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Any example, with any optional fields left out, and any fields and extensions nobody knows. */
function touchpointArbitrary(): fc.Arbitrary<Touchpoint> {
  const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => isSoundKey(text));
  const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }).map(sound);
  const extension = fc.stringMatching(/^x[a-z0-9]{1,15}$/);
  return fc
    .record({
      example: fc.constantFrom(...examples.values()),
      left: fc.func(fc.boolean()),
      unknown: fc.dictionary(key, value, { maxKeys: 4 }),
      extensions: fc.dictionary(
        extension,
        fc.oneof(fc.string({ unit: 'grapheme' }).map(sound), fc.integer(), fc.boolean()),
      ),
      description: fc.string({ unit: 'grapheme', maxLength: 200 }).map(sound),
    })
    .map(({ example, left, unknown, extensions, description }) => {
      const kept = Object.entries(example.data).filter(([field]) => left(field));
      const data = { ...unknown, ...Object.fromEntries(kept), description };
      return { ...extensions, ...example, data };
    })
    .map((event) => catalogue.parse(event, { now: NOW }))
    .filter((parsed) => parsed.ok)
    .map((parsed) => (parsed as Extract<typeof parsed, { ok: true }>).touchpoint);
}

interface Personal {
  readonly token: string;
  readonly name: string;
}

/** Bears a text that is not personal, to show that the search finds what is there. */
const CONTROL = { token: 'controlcontrol', name: '對照', department: 'clear-department' };

function personalArbitrary(): fc.Arbitrary<Personal> {
  return fc.record({
    token: fc.stringMatching(/^[a-z]{4}[a-z0-9]{10}$/),
    name: fc.string({
      unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)),
      minLength: 6,
      maxLength: 12,
    }),
  });
}

function bearing(
  { token, name, department = 'sales' }: Personal & { department?: string },
  id: string,
): Touchpoint {
  return parse({
    specversion: '1.0',
    id,
    source: '/personal',
    type: 'touchline.order.placed.v1',
    time: '2026-03-01T10:00:00+08:00',
    subject: `mailto:${token}a@example.com`,
    department,
    xnote: `${token}b`,
    data: {
      customer: { name, identifiers: [`account:shop:${token}c`, `wechat:app:${token}d`], [`${token}e`]: 1 },
      description: `${name}${token}f`,
      [`${token}g`]: { deep: [`${token}h`] },
    },
  });
}

/** The text as it is, in UTF-16, hex, and base64 at each of its three alignments without the ambiguous ends. */
function encodings(text: string): Buffer[] {
  const plain = Buffer.from(text);
  const aligned = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), plain]).toString('base64');
    return padded.slice(offset === 0 ? 0 : 4, Math.floor((plain.length + offset) / 3) * 4);
  });
  const base64 = aligned.filter((part) => part.length >= 6);
  const url = base64.map((part) => Buffer.from(part, 'base64').toString('base64url'));
  const escaped = JSON.stringify(text).slice(1, -1);
  const words = [plain.toString('hex'), escaped, ...base64, ...url];
  return [plain, Buffer.from(text, 'utf16le'), ...words.map((word) => Buffer.from(word))];
}

async function allBytes(): Promise<Buffer> {
  const names = await readdir(folder);
  expect(names).toContain('log.sqlite');
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}

function personalTexts(touchpoint: Touchpoint): string[] {
  const personal = catalogue.types.get(touchpoint.type)?.personal ?? new Set();
  const fields = Object.entries(touchpoint.data).filter(([field]) => personal.has(field));
  return [touchpoint.subject, ...fields.map(([, value]) => value)].flatMap(leaves);
}

function clearPart({ subject, data, ...envelope }: Touchpoint): object {
  const personal = catalogue.types.get(envelope.type)?.personal ?? new Set();
  return { ...envelope, data: Object.entries(data).filter(([field]) => !personal.has(field)) };
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}

function parse(event: Example | object): Touchpoint {
  const parsed = catalogue.parse(event, { now: NOW });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.touchpoint;
}

function reordered(touchpoint: Touchpoint): Touchpoint {
  const data = Object.fromEntries(Object.entries(touchpoint.data).reverse());
  return { ...Object.fromEntries(Object.entries(touchpoint).reverse()), data } as Touchpoint;
}

function isSoundKey(key: string): boolean {
  return key.isWellFormed() && !key.includes('\0') && !FORBIDDEN_KEYS.has(key);
}

/** As it would come from JSON, without what the language refuses. */
function sound<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('"__proto__"', '"proto"'));
}

/** Without members that are `undefined`. */
function asJson(touchpoint: Touchpoint): unknown {
  return JSON.parse(JSON.stringify(touchpoint));
}
