/** Latest first; entries of the same millisecond by event id, as the server orders them. */
export function compareEntries(a, b) {
  return (
    Date.parse(b.time) - Date.parse(a.time) || (a.eventid < b.eventid ? 1 : a.eventid > b.eventid ? -1 : 0)
  );
}

/**
 * The entries with another one in its place. One that is known already is replaced, so that a repeat changes nothing
 * and a correction shows. Answers `{ entries, at, isNew }`.
 */
export function withEntry(entries, entry) {
  const rest = entries.filter((other) => other.eventid !== entry.eventid);
  const before = rest.findIndex((other) => compareEntries(entry, other) < 0);
  const at = before < 0 ? rest.length : before;
  return {
    entries: [...rest.slice(0, at), entry, ...rest.slice(at)],
    at,
    isNew: rest.length === entries.length,
  };
}

export function withEntries(entries, more) {
  const byId = new Map([...entries, ...more].map((entry) => [entry.eventid, entry]));
  return [...byId.values()].sort(compareEntries);
}

/** Days of the reader's with their entries, in the order given: `[{ day, entries }]`. */
export function groupByDay(entries, dayOf) {
  const days = [];
  for (const entry of entries) {
    const day = dayOf(entry.time);
    if (days.at(-1)?.day === day) days.at(-1).entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/**
 * Whether an entry that comes in belongs on a filtered page: `yes`, `no`, or `ask` when the page must be read again,
 * because words are looked for, or because an entry that may be shown no longer belongs there.
 */
export function passes(entry, filter, end) {
  if (entry.retracted && !filter.retracted) return 'ask';
  const misses = entry.corrected ? 'ask' : 'no';
  for (const name of ['channel', 'department'])
    if (filter[name] && entry[name] !== filter[name]) return misses;
  if (filter.type && entry.type !== filter.type) return 'no';
  if (end !== undefined && Date.parse(entry.time) >= Date.parse(end)) return 'no';
  return filter.q ? 'ask' : 'yes';
}

/** Whether an entry makes other entries read differently: corrections, retractions, erasures. */
export function amendsOthers(entry) {
  return /^touchline\.(?:record\.|customer\.erased\.)/.test(entry.type);
}

/** Fields of a corrected body that differ: `[{ field, before, after }]`. */
export function changesIn(original, data) {
  const fields = [...new Set([...Object.keys(original ?? {}), ...Object.keys(data ?? {})])];
  return fields.flatMap((field) => {
    const [before, after] = [original?.[field], data?.[field]];
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, before, after }];
  });
}
