/** Parameters of a customer's page, in the order in which they stand in the address. */
const FILTERS = ['type', 'channel', 'department', 'q', 'until', 'retracted', 'entry'];

/**
 * What an address (`location.hash`) shows: `{ page: 'home' }`, `{ page: 'search', q }`,
 * `{ page: 'customer', id, filter }` or `{ page: 'unknown' }`.
 */
export function readRoute(hash) {
  const [path, query = ''] = hash.replace(/^#/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  if (path === '' || path === '/') return { page: 'home' };
  if (path === '/search') return { page: 'search', q: (parameters.get('q') ?? '').trim() };
  const id = /^\/customers\/([^/]+)$/.exec(path)?.[1];
  if (id === undefined) return { page: 'unknown' };
  const filter = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = parameters.get(name)?.trim();
      return value ? [[name, value]] : [];
    }),
  );
  return { page: 'customer', id: decoded(id), filter };
}

export function homeAddress() {
  return '#/';
}

export function searchAddress(q) {
  return `#/search?${new URLSearchParams({ q })}`;
}

export function customerAddress(id, filter = {}) {
  const parameters = FILTERS.flatMap((name) => (filter[name] ? [[name, filter[name]]] : []));
  const query = parameters.length > 0 ? `?${new URLSearchParams(parameters)}` : '';
  return `#/customers/${encodeURIComponent(id)}${query}`;
}

/** The query of a timeline page: what the API filters by. `until` is a day of the reader's and is included. */
export function timelineQuery(filter, { limit, cursor }) {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const name of ['type', 'channel', 'department', 'q']) if (filter[name]) query.set(name, filter[name]);
  const to = endOfDay(filter.until);
  if (to !== undefined) query.set('to', to);
  if (filter.retracted) query.set('include', 'retracted');
  if (cursor) query.set('cursor', cursor);
  return query.toString();
}

/** The first moment after a day (`2026-11-22`) where the reader is, in UTC. */
export function endOfDay(day) {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? [];
  if (year === undefined) return undefined;
  const end = new Date(Number(year), Number(month) - 1, Number(date) + 1);
  return Number.isNaN(end.getTime()) ? undefined : end.toISOString();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
