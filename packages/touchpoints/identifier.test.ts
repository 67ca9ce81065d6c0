import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierOf, MAX_IDENTIFIER_LENGTH, parseIdentifier } from './identifier.ts';

const CN = { defaultRegion: 'CN' };
const uriOf = (text: string, options = CN) => {
  const result = parseIdentifier(text, options);
  return result.ok ? result.identifier.uri : result.detail;
};

describe('tel', () => {
  it.each([
    ['tel:13800138000', 'tel:+8613800138000'],
    ['TEL:+86 138-0013.8000', 'tel:+8613800138000'],
    ['tel:１３８００１３８０００', 'tel:+8613800138000'],
    ['tel:0086 13800138000', 'tel:+8613800138000'],
    ['tel:(010) 6552-9988;ext=12', 'tel:+861065529988;ext=12'],
    ['tel:+44 (0)20 7946 0958', 'tel:+442079460958'],
    ['tel:+39 06 1234 5678', 'tel:+390612345678'],
    ['tel:13800138000;phone-context=+86', 'tel:+8613800138000'],
    ['tel:+8613800138000;npdi;rn=+8613', 'tel:+8613800138000'],
  ])('%s is %s', (text, uri) => {
    expect(uriOf(text)).toBe(uri);
  });

  it.each([
    ['a short code', 'tel:95588'],
    ['an emergency number', 'tel:110'],
    ['an extension of a telephone system', 'tel:7042;phone-context=pbx.example.cn'],
    ['a short code of a named country', 'tel:95588;phone-context=+86'],
    ['a number of no plan', 'tel:+861380013800'],
    ['a service code', 'tel:*100#'],
  ])('keeps %s raw', (_, uri) => {
    expect(uriOf(uri)).toBe(uri);
  });

  it('keeps a number without + raw when it is dialled from nowhere known', () => {
    expect(parseIdentifier('tel:138 0013 8000')).toMatchObject({ identifier: { uri: 'tel:13800138000' } });
    expect(uriOf('tel:13800138000', { defaultRegion: 'XX' })).toBe('tel:13800138000');
  });

  it('reads the same digits differently from two regions', () => {
    expect(uriOf('tel:2079460958', { defaultRegion: 'GB' })).toBe('tel:+442079460958');
    expect(uriOf('tel:2079460958', { defaultRegion: 'US' })).not.toBe('tel:+442079460958');
  });

  it.each([
    'tel:anonymous',
    'tel:',
    'tel:+',
    'tel:1-800-FLOWERS',
    'tel:+86;ext=x',
    'tel:12;phone-context=a b',
  ])('refuses %s', (text) => {
    expect(parseIdentifier(text, CN)).toMatchObject({ ok: false, detail: expect.stringMatching(/^must /) });
  });
});

describe('mailto', () => {
  it.each([
    ['mailto:Li.Lei@Example.COM', 'mailto:li.lei@example.com'],
    ['mailto: li.lei+shop@example.com ', 'mailto:li.lei+shop@example.com'],
    ['mailto:li%2Blei@example.com', 'mailto:li+lei@example.com'],
    ['mailto:100%25@example.com', 'mailto:100%25@example.com'],
    ['mailto:a@b.cn?subject=Order', 'mailto:a@b.cn'],
    ['mailto:RENE\u0301@example.com', 'mailto:ren\u00e9@example.com'],
    ['mailto:李蕾@例子.中国', 'mailto:李蕾@例子.中国'],
  ])('%s is %s', (text, uri) => {
    expect(uriOf(text)).toBe(uri);
  });

  it.each([
    'mailto:',
    'mailto:a',
    'mailto:a@',
    'mailto:@b',
    'mailto:Li <a@b.c>',
    'mailto:a@b@c',
    'mailto:a%ff@b.c',
    'mailto:a@b..c',
  ])('refuses %s', (text) => {
    expect(parseIdentifier(text)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('one e-mail address'),
    });
  });
});

describe('account, wechat, device, cookie', () => {
  it('lower-cases the owner of an account and keeps the case of its number', () => {
    expect(parseIdentifier('Account: Shop : Ab:1 ')).toEqual({
      ok: true,
      identifier: { uri: 'account:shop:Ab:1', kind: 'account', owner: 'shop' },
    });
  });

  it('keeps openids, devices and cookies as they are', () => {
    for (const uri of ['wechat:wx1:oAB_-1', 'device:A81C-77', 'cookie:GA1.2.3']) expect(uriOf(uri)).toBe(uri);
  });

  it.each([
    'account:1001',
    'account::1',
    'account:shop:',
    'account:my shop:1',
    'wechat:wx1',
    'wechat:wx1:',
    'device:',
    'cookie: ',
  ])('refuses %s', (text) => {
    expect(parseIdentifier(text)).toMatchObject({ ok: false, detail: expect.stringContaining('e.g. ') });
  });
});

describe('every identifier', () => {
  it('needs a known scheme, and a bare value is told which', () => {
    expect(uriOf('skype:li.lei')).toMatch(/^must be an identifier such as tel:/);
    expect(uriOf('13800138000')).toContain('write tel:');
    expect(uriOf('li.lei@example.com')).toContain('write mailto:');
  });

  it('never repeats what was given in a refusal, since refusals are logged', () => {
    const secrets = [
      '13912345678',
      'han@secret.cn',
      'tel:secret',
      'mailto:secret',
      'account:secret',
      'secret:1',
    ];
    for (const secret of secrets) expect(uriOf(secret)).not.toMatch(/secret|139/);
  });

  it('has at most 512 characters, also when normalising made it longer', () => {
    const room = MAX_IDENTIFIER_LENGTH - 'device:'.length;
    expect(parseIdentifier(`device:${'x'.repeat(room)}`).ok).toBe(true);
    expect(uriOf(`device:${'x'.repeat(room + 1)}`)).toContain('512');
    expect(uriOf(`device:${'\ufb2c'.repeat(room)}`)).toContain('512');
  });

  it('stays the same when it is normalised again', () => {
    fc.assert(
      fc.property(
        anyIdentifier,
        fc.constantFrom('CN', 'DE', 'US', 'IT', 'AR', undefined),
        (text, defaultRegion) => {
          const first = parseIdentifier(text, { defaultRegion });
          fc.pre(first.ok);
          expect(parseIdentifier(first.identifier.uri, { defaultRegion })).toEqual(first);
          expect(identifierOf(first.identifier.uri)).toEqual(first.identifier);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

const digits = fc.stringMatching(/^(\+|00|0)?[0-9]{3,14}$/);
const separated = fc.stringMatching(/^\+?[0-9 ().-]{3,20}(;ext=[0-9]{1,4})?$/);
const address = fc
  .tuple(fc.string({ unit: 'grapheme' }), fc.emailAddress())
  .map(([prefix, mail]) => prefix + mail);
const anyIdentifier = fc.oneof(
  digits.map((text) => `tel:${text}`),
  separated.map((text) => `tel:${text}`),
  address.map((text) => `mailto:${text}`),
  fc.emailAddress().map((text) => `MAILTO:${text}`),
  fc.string({ unit: 'grapheme' }).map((text) => `account:Shop:${text}`),
  fc.string({ unit: 'binary' }).map((text) => `device:${text}`),
  fc.string().map((text) => `wechat:wx1:${text}`),
);
