export function repeatedIn(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

export function missingFrom(ids: readonly string[], wanted: Iterable<string>): string[] {
  const there = new Set(ids);
  return [...wanted].filter((id) => !there.has(id));
}
