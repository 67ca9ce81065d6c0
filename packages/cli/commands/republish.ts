import { createDisplay, SILENT } from '../display/display.ts';
import { type Republication, republication } from '../operations/answers.ts';
import { followRepublication } from '../operations/follow-republication.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { CommandError, type Ending } from './command-error.ts';
import { findTarget, OPERATIONS_ARGS } from './connection.ts';
import type { Terminal } from './terminal.ts';

const JOBS = '/v1/relay/republications';
const MODES = ['structured', 'binary'];

export const republishCommand = createCommand({
  name: 'touchline republish',
  description:
    'Publish a range of the log again, to a topic of your choice. The relay itself goes on from where it is.',
  args: {
    from: { type: 'string', description: 'Position of the first touchpoint', valueHint: 'position' },
    to: {
      type: 'string',
      description: 'Position of the last one (else where the log ends)',
      valueHint: 'position',
    },
    customer: {
      type: 'string',
      description: 'Only touchpoints of this customer',
      valueHint: 'customer id',
    },
    topic: { type: 'string', description: 'Made when it is not there', valueHint: 'topic' },
    mode: { type: 'string', description: `${MODES.join(' or ')} (else as the relay publishes)` },
    force: { type: 'boolean', description: 'Also to a topic that the relay itself feeds or reads' },
    cancel: { type: 'string', description: 'End this republication instead', valueHint: 'job' },
    ...OPERATIONS_ARGS,
  },
  async run(args, terminal) {
    const order = args.cancel === undefined ? orderOf(args) : undefined;
    const client = new RestClient(await findTarget(args, terminal.environment));
    const asJson = args.json === true;
    if (order !== undefined)
      return follow(await client.post(JOBS, order, republication), { client, terminal, asJson });
    const path = `${JOBS}/${encodeURIComponent(args.cancel ?? '')}/cancel`;
    tell(await client.post(path, undefined, republication), terminal, asJson);
    return 'done';
  },
});

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly customer?: string | undefined;
  readonly topic?: string | undefined;
  readonly mode?: string | undefined;
  readonly force?: boolean | undefined;
}

function orderOf({ from, to, customer, topic, mode, force }: Asked): object {
  if (from === undefined || topic === undefined)
    throw new CommandError('usage', '--from and --topic say what is to be published again, and where to.');
  for (const [name, position] of Object.entries({ from, to })) {
    if (position !== undefined && !/^\d{1,19}$/.test(position))
      throw new CommandError('usage', `--${name} takes a position, not "${position}"`);
  }
  if (mode !== undefined && !MODES.includes(mode))
    throw new CommandError('usage', `--mode is ${MODES.join(' or ')}, not "${mode}"`);
  return { from, to, customer, topic, mode, ...(force ? { force } : {}) };
}

async function follow(
  first: Republication,
  { client, terminal, asJson }: { client: RestClient; terminal: Terminal; asJson: boolean },
): Promise<Ending> {
  const display = asJson ? SILENT : createDisplay(terminal.stderr);
  const seen = await followRepublication(first, { client, display, stop: terminal.stop });
  tell(seen, terminal, asJson);
  return seen.state === 'done' ? 'done' : 'failed';
}

function tell(seen: Republication, { stdout }: Terminal, asJson: boolean): void {
  const { state, topic, published, from, to, failure } = seen;
  const words = `${topic}: ${state}, ${published} messages of positions ${from} to ${to}`;
  stdout.write(`${asJson ? JSON.stringify(seen) : `${words}${failure === null ? '' : ` (${failure})`}`}\n`);
}
