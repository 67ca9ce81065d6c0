import { parkPlainly } from './household-histories.ts';
import type { MemoryGeneration } from './memory-generation.ts';

/** Who belongs to which household, by data subject. */
export function customersOf(generation: MemoryGeneration): ReadonlyMap<string, string> {
  const people = generation.rows.contents().people ?? [];
  return new Map(people.map((row) => [String(row.subject), String(row.household)]));
}

/** Positions that should wait for each household, in order. */
export function waitingByCustomer(
  events: Parameters<typeof parkPlainly>[0],
  failed: ReadonlySet<number>,
  customers: ReadonlyMap<string, string>,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [subject, waiting] of parkPlainly(events, failed).waiting) {
    const customer = customers.get(subject) ?? subject;
    found.set(
      customer,
      [...(found.get(customer) ?? []), ...waiting].sort((a, b) => a - b),
    );
  }
  return found;
}
