/** About how many characters a value takes as JSON; not a number where it would not be the same after it was written and read again. */
export function jsonSize(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'boolean' || value === null) return 4;
  if (typeof value === 'number') return Number.isFinite(value) ? 8 : Number.NaN;
  if (typeof value !== 'object') return Number.NaN;
  let size = 2;
  if (Array.isArray(value)) {
    for (const one of value) size += 1 + jsonSize(one);
    return size;
  }
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return Number.NaN;
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined) size += name.length + 4 + jsonSize(member);
  }
  return size;
}
