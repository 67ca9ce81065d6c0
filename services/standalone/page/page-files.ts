/** Pages have addresses of their own. */
const ADDRESSES: Readonly<Record<string, string>> = { 'index.html': '/', 'operations.html': '/ops' };

/** Where a file is served. */
export function addressOf(path: string): string {
  return ADDRESSES[path] ?? `/page/${path}`;
}

/** The page's files with their media types: the whole of what is served. See `addressOf`. */
export const PAGE_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'index.html',
    'operations.html',
    'icon.svg',
    'language-switch.js',
    'main.js',
    'shell.js',
    'facts/body-values.js',
    'facts/entries.js',
    'facts/first-touchpoint.js',
    'facts/fragments.js',
    'facts/identifiers.js',
    'facts/moments.js',
    'facts/route.js',
    'operations/log-browser.js',
    'operations/main.js',
    'operations/parked-list.js',
    'operations/read-model-card.js',
    'operations/rebuild-form.js',
    'operations/rebuild-row.js',
    'operations/verification.js',
    'server/ask.js',
    'server/live.js',
    'server/repeat.js',
    'styles/base.css',
    'styles/colours.css',
    'styles/customer.css',
    'styles/entry.css',
    'styles/home.css',
    'styles/lists.css',
    'styles/operations.css',
    'styles/shell.css',
    'styles/timeline.css',
    'views/body-fields.js',
    'views/customer-facts.js',
    'views/customer.js',
    'views/element.js',
    'views/entry-details.js',
    'views/entry-list.js',
    'views/entry.js',
    'views/filter-form.js',
    'views/first-touchpoint.js',
    'views/home.js',
    'views/icons.js',
    'views/identifier.js',
    'views/identity.js',
    'views/problem.js',
    'views/running.js',
    'views/search.js',
    'views/timeline.js',
    'words/field-names.js',
    'words/language.js',
    'words/names.js',
    'words/operations-words.js',
    'words/problem-words.js',
    'words/type-names.js',
    'words/words.js',
  ].map((path) => [path, mediaTypeOf(path)]),
);

function mediaTypeOf(path: string): string {
  if (path.endsWith('.js')) return 'text/javascript; charset=utf-8';
  if (path.endsWith('.css')) return 'text/css; charset=utf-8';
  return path.endsWith('.svg') ? 'image/svg+xml' : 'text/html; charset=utf-8';
}
