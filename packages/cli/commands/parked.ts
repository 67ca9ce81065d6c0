import { z } from 'zod';
import { customerJob, listOf, type Parked, parked } from '../operations/answers.ts';
import { columns } from '../operations/columns.ts';
import { followCustomerJob } from '../operations/follow.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { CommandError, type Ending } from './command-error.ts';
import { findTarget, OPERATIONS_ARGS, READ_MODEL_ARG } from './connection.ts';
import type { Terminal } from './terminal.ts';

/** Shown at most; who has more parked customers has one cause to look for, not a list to read. */
const MAX_SHOWN = 500;
const HEAD = ['DATA SUBJECT', 'WAITING', 'FIRST', 'SINCE', 'REASON'];

export const parkedCommand = createCommand({
  name: 'touchline parked',
  description:
    'Whose touchpoints are held back, since when and why; "retry <customer>" or --all folds them after the cause is mended.',
  args: {
    ...READ_MODEL_ARG,
    action: { type: 'positional', description: 'retry', required: false },
    customer: {
      type: 'positional',
      description: 'Customer id, or a data subject of the list',
      required: false,
    },
    all: { type: 'boolean', description: 'Retry everybody' },
    ...OPERATIONS_ARGS,
  },
  async run({ name, action, customer, all, json, ...connection }, terminal) {
    if (action !== undefined && action !== 'retry')
      throw new CommandError('usage', `Parked customers can be told to retry, not to ${action}`);
    if (action === 'retry' && (customer === undefined) !== (all === true))
      throw new CommandError('usage', 'retry takes a customer, or --all');
    const client = new RestClient(await findTarget(connection, terminal.environment));
    const work: Work = { client, name: encodeURIComponent(name), terminal, asJson: json === true };
    if (all) return retryAll(work);
    return customer === undefined ? list(work) : askFor(work, `parked/${encodeURIComponent(customer)}/retry`);
  },
});

export const repairCommand = createCommand({
  name: 'touchline repair',
  description: 'Fold one customer anew from the log into the live generation, in one transaction.',
  args: {
    ...READ_MODEL_ARG,
    customer: { type: 'positional', description: 'Customer id', required: true },
    ...OPERATIONS_ARGS,
  },
  async run({ name, customer, json, ...connection }, terminal) {
    const client = new RestClient(await findTarget(connection, terminal.environment));
    const work: Work = { client, name: encodeURIComponent(name), terminal, asJson: json === true };
    return askFor(work, `customers/${encodeURIComponent(customer)}/repair`);
  },
});

interface Work {
  readonly client: RestClient;
  readonly name: string;
  readonly terminal: Terminal;
  readonly asJson: boolean;
}

async function list({ client, name, terminal: { stdout }, asJson }: Work): Promise<Ending> {
  const page = await client.get(`/v1/readmodels/${name}/parked?limit=${MAX_SHOWN}`, listOf(parked));
  if (asJson) stdout.write(`${JSON.stringify(page)}\n`);
  else if (page.items.length === 0) stdout.write('Nobody is parked.\n');
  else stdout.write(`${columns(HEAD, page.items.map(rowOf))}\n${page.next === null ? '' : 'and more\n'}`);
  return 'done';
}

function rowOf({ subject, waiting, position, since, reason }: Parked): (string | number)[] {
  return [subject, waiting, position, since, reason ?? '(waits behind another of its customer)'];
}

async function retryAll({ client, name, terminal: { stdout }, asJson }: Work): Promise<Ending> {
  const answered = z.object({ asked: z.int(), left: z.int() });
  const answer = await client.post(`/v1/readmodels/${name}/parked/retry`, undefined, answered);
  const { asked, left } = answer;
  const more = left === 0 ? '' : `; ${left} more are left: run it again when these are done`;
  stdout.write(asJson ? `${JSON.stringify(answer)}\n` : `${asked} retries asked for${more}\n`);
  return 'done';
}

/** Exit code 0 when nothing of the customer waits any more. */
async function askFor({ client, name, terminal, asJson }: Work, what: string): Promise<Ending> {
  const { job } = await client.post(`/v1/readmodels/${name}/${what}`, undefined, customerJob);
  const done = await followCustomerJob(name, job, { client, stop: terminal.stop });
  const words = [`${done.state}: ${done.folded} folded, ${done.waiting} still wait`, done.reason ?? ''];
  if (done.pastkept !== null) words.push(`what held before needs a rebuild: ${done.pastkept}`);
  terminal.stdout.write(`${asJson ? JSON.stringify(done) : words.filter(Boolean).join('\n  ')}\n`);
  return done.state === 'done' && done.waiting === 0 ? 'done' : 'failed';
}
