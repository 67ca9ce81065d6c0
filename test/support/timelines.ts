import type { TouchlineProcess } from './touchline-process.ts';

export interface Receipt {
  readonly eventid: string;
  readonly position: string;
  readonly duplicate: boolean;
}

/** Ids of a customer's touchpoints, oldest first, as of a position; nothing while it is not reached or asked in vain. */
export async function timelineOf(
  timeline: TouchlineProcess,
  identifier: string,
  position: string,
): Promise<readonly string[] | undefined> {
  const headers = { 'touchline-min-position': position };
  const found = await timeline.fetch(`/v1/customers?identifier=${encodeURIComponent(identifier)}`, {
    headers,
  });
  if (!found.ok) return undefined;
  const { items } = (await found.json()) as { items: { customerid: string }[] };
  const path = `/v1/customers/${items[0]?.customerid}/timeline?order=asc&limit=200`;
  const page = await timeline.fetch(path, { headers });
  if (!page.ok) return undefined;
  return ((await page.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
}
