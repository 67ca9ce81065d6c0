import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../client.ts';
import { missingFrom, repeatedIn } from '../compare.ts';
import { isSettled, type Surroundings } from './surroundings.ts';

interface Page {
  readonly items: readonly { readonly id: string; readonly source: string }[];
  readonly next: string | null;
}

const SMALL_PAGE = 7;
const WHOLE_PAGE = 500;

/** Reads timelines: what was acknowledged by the position that an answer tells is in it, once, whatever is being promoted. */
export async function readTimelines({ client, random, signal }: Surroundings): Promise<void> {
  const { ledger } = client;
  while (!signal.aborted) {
    const accounts = ledger.accounts.filter(isSettled);
    const account = accounts[Math.floor(random() * accounts.length)];
    // Half of the time what is known to be written is demanded, else whatever there is is taken.
    const minimum = random() < 0.5 ? (ledger.of(account ?? '').at(-1)?.position ?? 0n) : 0n;
    const limit = random() < 0.3 ? SMALL_PAGE : WHOLE_PAGE;
    const customer = account === undefined ? undefined : await customerOf(client, account, minimum);
    if (account === undefined || customer === undefined) await delay(20);
    else await readPages({ client, customer, account, minimum, limit });
  }
}

async function customerOf(client: Client, account: string, minimum: bigint): Promise<string | undefined> {
  const path = `/v1/customers?identifier=${encodeURIComponent(account)}`;
  const answer = await client.ask(path, { headers: { 'touchline-min-position': String(minimum) } });
  if (answer === undefined) return undefined;
  const position = toldPosition(client, path, answer.headers, minimum);
  const { items } = JSON.parse(answer.text) as { items: { customerid: string }[] };
  const [first] = client.ledger.of(account);
  if (items[0] === undefined && first !== undefined && position >= first.position)
    client.ledger.find(`${account} is known from ${first.position} and unknown at ${position}`);
  return items[0]?.customerid;
}

interface Asked {
  readonly client: Client;
  readonly customer: string;
  readonly account: string;
  readonly minimum: bigint;
  readonly limit: number;
}

/** Page by page; between pages anything may happen. */
async function readPages({ client, customer, account, minimum, limit }: Asked): Promise<void> {
  const { ledger } = client;
  const seen: string[] = [];
  // What is newer than the oldest page may have landed on a page that was read before it.
  let oldest: bigint | undefined;
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const path: string = `/v1/customers/${customer}/timeline?limit=${limit}${cursor}`;
    const answer = await client.ask(path, { headers: { 'touchline-min-position': String(minimum) } });
    if (answer === undefined) return;
    // After a rollback the customer may not be known yet; who demands to know gets an answer or is told to wait.
    if (answer.status === 404 && minimum === 0n) return;
    if (answer.status !== 200) return ledger.find(`${path} answered ${answer.status}: ${answer.text}`);
    const position = toldPosition(client, path, answer.headers, minimum);
    oldest = oldest === undefined || position < oldest ? position : oldest;
    const page = JSON.parse(answer.text) as Page;
    seen.push(...page.items.filter(({ source }) => source === '/chaos').map(({ id }) => id));
    next = page.next;
  }
  ledger.count(limit === SMALL_PAGE ? 'timelines read page by page' : 'timelines read');
  const repeated = repeatedIn(seen);
  if (repeated.length > 0) ledger.find(`${account} shows twice: ${repeated}`);
  const missing = missingFrom(seen, ledger.readableAt(account, oldest ?? 0n));
  if (missing.length > 0)
    ledger.find(`${account} lacks at ${oldest}: ${missing} (limit ${limit}, at least ${minimum})`);
}

function toldPosition(client: Client, path: string, headers: Headers, minimum: bigint): bigint {
  const position = BigInt(headers.get('touchline-position') ?? -1);
  if (position < minimum) client.ledger.find(`${path} was to be as of ${minimum} and is as of ${position}`);
  return position;
}
