import type { ParsedArgs } from 'citty';
import { createdToken, listOf, type Token, token } from '../operations/answers.ts';
import { columns } from '../operations/columns.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { CommandError, type Ending } from './command-error.ts';
import { findTarget, OPERATIONS_ARGS } from './connection.ts';
import type { Terminal } from './terminal.ts';

const TOKENS = '/v1/tokens';
const MAX_PAGE_TOKENS = 200;
const HEAD = ['ID', 'NAME', 'ROLE', 'MADE', 'BY', 'STATE'];
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

const ARGS = {
  action: { type: 'positional', description: 'create, list or revoke', required: true },
  id: { type: 'positional', description: 'With revoke: id of the token, as list shows it', required: false },
  role: { type: 'string', description: 'With create: what its bearer may do; admin', valueHint: 'role' },
  name: { type: 'string', description: 'With create: what it is for, in words', valueHint: 'text' },
  expires: {
    type: 'string',
    description: 'With create: how long it lasts, e.g. 90d or 12h (else until it is revoked)',
    valueHint: 'time',
  },
  ...OPERATIONS_ARGS,
} as const;

export const tokenCommand = createCommand({
  name: 'touchline token',
  description:
    'Tokens that let somebody in: "create" makes one and shows it this once, "list" tells which there are, "revoke <id>" ends one.',
  args: ARGS,
  async run(args, terminal) {
    const action = ACTIONS.get(args.action);
    if (action === undefined)
      throw new CommandError('usage', `Tokens can be told to create, list or revoke, not to ${args.action}`);
    return action(args, terminal);
  },
});

type Action = (args: ParsedArgs<typeof ARGS>, terminal: Terminal) => Promise<Ending>;

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['create', create],
  ['list', list],
  ['revoke', revoke],
]);

/** The token alone goes to stdout, so that a script can keep it. */
async function create(
  { name, role, expires, json, ...connection }: Parameters<Action>[0],
  { environment, stdout, stderr }: Terminal,
): Promise<Ending> {
  if (role === undefined || name === undefined)
    throw new CommandError('usage', '--role and --name say what the token may do, and what it is for.');
  const until =
    expires === undefined ? {} : { expires: new Date(Date.now() + spanOf(expires)).toISOString() };
  const client = new RestClient(await findTarget(connection, environment));
  const made = await client.post(TOKENS, { name, role, ...until }, createdToken);
  if (!json) stderr.write(`${made.id}: ${stateOf(made)}. It is shown this once:\n`);
  stdout.write(`${json ? JSON.stringify(made) : made.token}\n`);
  return 'done';
}

async function list(
  { json, ...connection }: Parameters<Action>[0],
  { environment, stdout, stop }: Terminal,
): Promise<Ending> {
  const client = new RestClient(await findTarget(connection, environment));
  const items: Token[] = [];
  for (let next: string | null | undefined; next !== null; ) {
    if (stop.aborted) return 'interrupted';
    const query = new URLSearchParams({ limit: String(MAX_PAGE_TOKENS), ...(next && { cursor: next }) });
    const page = await client.get(`${TOKENS}?${query}`, listOf(token));
    items.push(...page.items);
    next = page.next;
  }
  const words = items.length === 0 ? 'There is no token but the one that was made at the first start.' : '';
  stdout.write(`${json ? JSON.stringify({ items }) : words || columns(HEAD, items.map(rowOf))}\n`);
  return 'done';
}

async function revoke(
  { id, json, ...connection }: Parameters<Action>[0],
  { environment, stdout }: Terminal,
): Promise<Ending> {
  if (id === undefined) throw new CommandError('usage', 'revoke takes the id of a token, as list shows it');
  const client = new RestClient(await findTarget(connection, environment));
  const revoked = await client.delete(`${TOKENS}/${encodeURIComponent(id)}`, token);
  stdout.write(`${json ? JSON.stringify(revoked) : `${revoked.name}: ${stateOf(revoked)}`}\n`);
  return 'done';
}

function rowOf(one: Token): string[] {
  return [one.id, one.name, one.role, one.createdtime, one.createdby, stateOf(one)];
}

function stateOf({ expires, revokedtime, revokedby }: Token): string {
  if (revokedtime !== null) return `revoked ${revokedtime} by ${revokedby}`;
  if (expires === null) return 'in force';
  return Date.parse(expires) <= Date.now() ? `expired ${expires}` : `in force until ${expires}`;
}

function spanOf(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const spanMs = Number(count) * (UNIT_MS[unit] ?? 0);
  if (spanMs > 0) return spanMs;
  throw new CommandError('usage', `--expires takes days or hours, e.g. 90d or 12h, not "${text}"`);
}
