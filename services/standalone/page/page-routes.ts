import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type App, defineService } from '@touchline/service-kit';
import { addressOf, PAGE_FILES } from './page-files.ts';

/**
 * The first page, at `/`, the page of operations, at `/ops`, and their parts under `/page/`. Files are read once, when the service is mounted, and served
 * from memory; each has a route of its own, so there is no path to go astray on.
 */
export const pageService = defineService<undefined>({
  name: 'page',
  title: 'Pages',
  async routes(app) {
    for (const [path, mediaType] of Object.entries(PAGE_FILES)) {
      const body = await readFile(new URL(path, import.meta.url));
      serve(app, addressOf(path), { body, mediaType });
    }
  },
});

interface PageFile {
  readonly body: Buffer;
  readonly mediaType: string;
}

function serve(app: App, url: string, { body, mediaType }: PageFile): void {
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  app.get(url, { schema: { hide: true }, config: { page: true } }, (request, reply) => {
    reply.header('etag', etag).header('cache-control', 'no-cache').type(mediaType);
    if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.send(body);
  });
}

/** Whether a client has this version already (RFC 9110, section 13.1.2: the weak comparison). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')));
}
