import type { Body } from './touchpoint.ts';

/**
 * Turns the body of one version of a type into that of the next. Pure; must work without any of the personal
 * fields, since those of an erased customer are gone.
 */
export interface Upcaster {
  /** Full name of the old version: `touchline.order.placed.v1`. */
  readonly from: string;
  readonly to: string;
  upcast(body: Body): Body;
}

/** Upcasters by the version they start from. Throws when the chains are not simple paths between known types. */
export function chainUpcasters(
  upcasters: readonly Upcaster[],
  isKnown: (type: string) => boolean,
): ReadonlyMap<string, Upcaster> {
  const chain = new Map<string, Upcaster>();
  for (const upcaster of upcasters) {
    const { from, to } = upcaster;
    if (!isKnown(from) || !isKnown(to))
      throw new Error(`upcaster from ${from} to ${to} names an unknown type`);
    if (chain.has(from)) throw new Error(`two upcasters start from ${from}`);
    if (versionOf(to) <= versionOf(from))
      throw new Error(`upcaster from ${from} to ${to} does not lead to a newer version`);
    chain.set(from, upcaster);
  }
  return chain;
}

function versionOf(type: string): number {
  return Number(/\.v(\d+)$/.exec(type)?.[1] ?? 0);
}
