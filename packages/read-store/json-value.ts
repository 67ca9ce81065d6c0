/** Whether a value is the same after it was written as JSON and read again. */
export function isJsonValue(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every(isJsonValue);
  const kind = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== null) return false;
  for (const name in value) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member !== undefined && !isJsonValue(member)) return false;
  }
  return true;
}
