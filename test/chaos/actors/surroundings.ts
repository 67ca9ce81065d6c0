import type { Client } from '../client.ts';

export const TIMELINE = '/v1/readmodels/timeline';
/** States of a job that is over. */
export const FINISHED: readonly string[] = ['promoted', 'done', 'failed', 'cancelled'];

/** What everybody in the chaos has. */
export interface Surroundings {
  readonly client: Client;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

interface Receipt {
  readonly eventid: string;
  readonly position: string;
}

/** Customers of these accounts are never merged, and share nothing with others: each is one customer for ever. */
export function isSettled(account: string): boolean {
  return account.startsWith('account:shop:settled-');
}

/** Accounts that somebody does harm to: their customers may be parked. */
export function isInTrouble(account: string): boolean {
  return /^(account:shop:|mailto:)lost-/.test(account);
}

export interface Parked {
  readonly subject: string;
  readonly position: string;
  readonly waiting: number;
  readonly reason: string | null;
}

/** Who is parked now; `undefined` while nobody can tell. */
export async function parkedOf(client: Client): Promise<readonly Parked[] | undefined> {
  const answer = await client.ask(`${TIMELINE}/parked?limit=500`);
  return answer?.status === 200 ? (JSON.parse(answer.text) as { items: Parked[] }).items : undefined;
}

/** `behind`: waits for another one of its customer. */
export function whyParked({ reason }: Parked): 'damage' | 'behind' | 'other' {
  if (reason === null) return 'behind';
  return reason.includes('key-corrupt') ? 'damage' : 'other';
}

export function note(id: string, account: string, more: object = {}): object {
  return {
    specversion: '1.0',
    id,
    source: '/chaos',
    type: 'touchline.note.added.v1',
    time: '2026-01-01T10:00:00+08:00',
    department: 'service',
    subject: account,
    data: { description: `note ${id} 备注` },
    ...more,
  };
}

/** Records one touchpoint, until it is acknowledged. */
export async function post(
  { client }: Surroundings,
  { id, account, body }: { id: string; account: string; body: object },
): Promise<bigint | undefined> {
  const headers = { 'content-type': 'application/cloudevents+json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await client.insist('/v1/events', init, [200, 201]);
  if (answer === undefined) return undefined;
  const { eventid, position } = JSON.parse(answer.text) as Receipt;
  client.ledger.acknowledge({ id, account, eventid, position: BigInt(position) });
  return BigInt(position);
}
