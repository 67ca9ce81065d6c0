/** JSON pointer (RFC 6901) of a path: `/event/data/items/0`. The whole document is the empty text. */
export function pointerOf(keys: readonly PropertyKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
