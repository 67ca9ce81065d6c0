import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, PAGE_FILES } from './page-files.ts';
import { pageService } from './page-routes.ts';

const TOKEN = 'a-token-for-tests-0123456789';
const authorization = `Bearer ${TOKEN}`;
const paths = Object.keys(PAGE_FILES);
const scripts = paths.filter((path) => path.endsWith('.js'));
const pages = paths.filter((path) => path.endsWith('.html'));
const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

let app: Awaited<ReturnType<typeof createServer>>;

beforeAll(async () => {
  app = await createServer({
    services: [{ service: pageService, backing: undefined }],
    access: adminTokens(TOKEN),
    logger: createLogger({ level: 'silent' }),
    config: { host: '127.0.0.1', port: 4000 },
  });
});
afterAll(() => app.close());

describe('what is served', () => {
  test('is every file of the page, and nothing else of its folder', () => {
    const present = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' });
    const parts = present.filter((path) => /\.(?:js|css|html|svg)$/.test(path));
    expect(paths.toSorted()).toEqual(parts.toSorted());
  });

  test.each(paths)('%s is answered as it lies in the folder, with its type and as a page', async (path) => {
    const answer = await app.inject({ url: addressOf(path), headers: { authorization } });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(textOf(path));
    expect(answer.headers['content-type']).toBe(PAGE_FILES[path]);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
  });

  test.each(scripts)('%s imports only what is served', (path) => {
    const imported = [...textOf(path).matchAll(/from '([^']+)'/g)].map(([, target = '']) => target);
    expect(imported.filter((target) => !paths.includes(join(dirname(path), target)))).toEqual([]);
  });

  test.each(pages)('%s loads only what is served', (page) => {
    const loaded = [...textOf(page).matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, url]) => url);
    expect(loaded.length).toBeGreaterThan(5);
    expect(loaded.filter((url) => !paths.map(addressOf).includes(String(url)))).toEqual([]);
  });

  test.each([
    '/page/page-routes.ts',
    '/page/../page-routes.ts',
    '/page/..%2fpage-routes.ts',
    '/page/%2e%2e/%2e%2e/package.json',
    '/page/words/words.test.ts',
    '/page/',
    '/page/index.html',
  ])('%s is not', async (url) => {
    const answer = await app.inject({ url, headers: { authorization } });
    expect(answer.statusCode).toBe(404);
  });
});

describe('a version that is known already', () => {
  const ask = (headers: Record<string, string>) =>
    app.inject({ url: '/page/main.js', headers: { authorization, ...headers } });

  test('is not sent again', async () => {
    const { headers } = await ask({});
    const etag = String(headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await ask({ 'if-none-match': known });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
    }
  });

  test('is sent when it is another one', async () => {
    expect((await ask({ 'if-none-match': '"other"' })).statusCode).toBe(200);
  });
});

describe('without a token', () => {
  test.each(pages)('a browser that wants %s is asked to sign in', async (page) => {
    const answer = await app.inject({ url: addressOf(page), headers: { accept: 'text/html' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain('name="token"');
  });

  test.each(paths.filter((path) => !pages.includes(path)))('%s is not to be had', async (path) => {
    expect((await app.inject({ url: addressOf(path) })).statusCode).toBe(401);
  });
});

describe('under a strict content security policy', () => {
  test.each(pages)('%s has no script or style of its own', (page) => {
    const html = textOf(page);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i);
    expect(html.match(/<script[^>]*>[^<]/)).toBeNull();
  });

  test.each(scripts)('%s never turns data into markup or code', (path) => {
    expect(textOf(path)).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setAttribute\('(?:style|on)|\.style\b/,
    );
  });

  test.each(paths)('%s loads nothing from elsewhere', (path) => {
    const elsewhere = textOf(path)
      .replaceAll('http://www.w3.org/2000/svg', '')
      .match(/https?:\/\/[^\s'"`$]+/g);
    expect(elsewhere).toBeNull();
  });
});
