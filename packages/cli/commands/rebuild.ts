import { createDisplay, SILENT } from '../display/display.ts';
import { listOf, type Rebuild, rebuild } from '../operations/answers.ts';
import { describeRebuild } from '../operations/describe-rebuild.ts';
import { followRebuild } from '../operations/follow.ts';
import { RestClient } from '../rest/rest-client.ts';
import { createCommand } from './command.ts';
import { CommandError, type Ending } from './command-error.ts';
import { findTarget, OPERATIONS_ARGS, READ_MODEL_ARG } from './connection.ts';
import { wholeNumber } from './strict-options.ts';
import type { Terminal } from './terminal.ts';

const MAX_RATE = 1_000_000;
/** What a rebuild can be told, and the state it should come to. */
const ACTIONS: Readonly<Record<string, string>> = {
  pause: 'paused',
  resume: '',
  cancel: 'cancelled',
  verify: '',
  promote: 'promoted',
};
const OVER: ReadonlySet<string> = new Set(['promoted', 'done', 'failed', 'cancelled']);

const REASON = { type: 'string', description: 'Why, kept with the rebuild', valueHint: 'text' } as const;
const RATE = {
  type: 'string',
  description: 'Touchpoints folded per second at most, so that live traffic keeps its latency',
  valueHint: 'number',
} as const;

export const rebuildCommand = createCommand({
  name: 'touchline rebuild',
  description: `Build a read model anew from the log beside the live one, compare the two, and make it live; or steer the rebuild under way: ${Object.keys(ACTIONS).join(', ')}.`,
  args: {
    ...READ_MODEL_ARG,
    action: { type: 'positional', description: Object.keys(ACTIONS).join(', '), required: false },
    verify: {
      type: 'boolean',
      description: 'Compare with the live generation (--no-verify: where projections have changed)',
      default: true,
    },
    promote: { type: 'boolean', description: 'Make it live as soon as it has been found equal' },
    manual: {
      type: 'boolean',
      description: 'Leave it ready, to be promoted by hand (so it is without --promote)',
    },
    rate: RATE,
    reason: REASON,
    ...OPERATIONS_ARGS,
  },
  async run(args, terminal) {
    if (args.promote && args.manual) throw new CommandError('usage', '--promote or --manual: choose one');
    const watch = await watching(args, terminal);
    if (args.action !== undefined) return steer(watch, args.action);
    const { reason = 'asked for at the command line', verify } = args;
    return start(watch, {
      reason,
      promote: args.promote ? 'auto' : 'manual',
      verify,
      ...throttle(args.rate),
    });
  },
});

export const verifyCommand = createCommand({
  name: 'touchline verify',
  description:
    'Prove that what a read model serves is what the log says: folds the log into a generation of its own, compares every table, and drops it.',
  args: { ...READ_MODEL_ARG, rate: RATE, ...OPERATIONS_ARGS },
  async run(args, terminal) {
    const watch = await watching(args, terminal);
    return start(watch, {
      reason: 'verify',
      promote: 'never',
      ...throttle(args.rate),
    });
  },
});

interface Watch {
  readonly client: RestClient;
  readonly name: string;
  readonly terminal: Terminal;
  readonly asJson: boolean;
}

async function watching(
  args: Parameters<typeof findTarget>[0] & { name: string; json?: boolean | undefined },
  terminal: Terminal,
): Promise<Watch> {
  const client = new RestClient(await findTarget(args, terminal.environment));
  return { client, name: encodeURIComponent(args.name), terminal, asJson: args.json === true };
}

function throttle(rate: string | undefined): { eventspersecond?: number } {
  return rate === undefined ? {} : { eventspersecond: wholeNumber('rate', rate, 1, MAX_RATE) };
}

async function start(watch: Watch, body: object): Promise<Ending> {
  const asked = await watch.client.post(`/v1/readmodels/${watch.name}/rebuilds`, body, rebuild);
  const seen = await follow(watch, asked);
  if (!['promoted', 'ready', 'differs', 'done'].includes(seen.state)) return 'failed';
  return seen.verification?.equal === false ? 'differs' : 'done';
}

async function steer(watch: Watch, action: string): Promise<Ending> {
  const goal = ACTIONS[action];
  if (goal === undefined)
    throw new CommandError(
      'usage',
      `A rebuild cannot be told to ${action}: ${Object.keys(ACTIONS).join(', ')}.`,
    );
  const { client, name } = watch;
  const path = `/v1/readmodels/${name}/rebuilds`;
  const [last] = (await client.get(`${path}?limit=1`, listOf(rebuild))).items;
  if (last === undefined || OVER.has(last.state))
    throw new CommandError('failed', `No rebuild of ${name} is under way.`);
  const seen = await follow(watch, await client.post(`${path}/${last.job}/${action}`, undefined, rebuild));
  if (goal !== '') return seen.state === goal ? 'done' : 'failed';
  if (['failed', 'cancelled', 'paused'].includes(seen.state)) return 'failed';
  return seen.verification?.equal === false ? 'differs' : 'done';
}

async function follow({ client, name, terminal, asJson }: Watch, first: Rebuild): Promise<Rebuild> {
  const display = asJson ? SILENT : createDisplay(terminal.stderr);
  const seen = await followRebuild(name, first, { client, display, stop: terminal.stop });
  terminal.stdout.write(`${asJson ? JSON.stringify(seen) : describeRebuild(name, seen)}\n`);
  return seen;
}
