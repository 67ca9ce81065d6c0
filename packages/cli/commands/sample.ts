import { createDisplay, type Display, SILENT } from '../display/display.ts';
import { formatCount, formatSeconds, Pace } from '../display/pace.ts';
import { DEFAULT_UNTIL, generateSample, type SampleEvent, type SampleOptions } from '../sample/index.ts';
import { batchesOf } from '../upload/batches.ts';
import type { Entry } from '../upload/entry.ts';
import { IntakeClient, type Target } from '../upload/intake-client.ts';
import { intakeSender } from '../upload/send-batch.ts';
import { upload } from '../upload/upload.ts';
import { createCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { CONNECTION_ARGS, findTarget } from './connection.ts';
import { isReachable, notRunning } from './reachable.ts';
import { wholeNumber } from './strict-options.ts';
import { writeLines } from './write-lines.ts';

const ARGS = {
  customers: { type: 'string', description: 'How many customers', default: '200', valueHint: 'number' },
  events: { type: 'string', description: 'How many different events', default: '3000', valueHint: 'number' },
  seed: { type: 'string', description: 'Another seed is another company', default: '1', valueHint: 'number' },
  until: { type: 'string', description: 'No event is later', default: DEFAULT_UNTIL, valueHint: 'time' },
  out: {
    type: 'string',
    description: 'Write NDJSON to a file (- is the standard output)',
    valueHint: 'file',
  },
  ...CONNECTION_ARGS,
  concurrency: { type: 'string', description: 'Batches under way at once', default: '2', valueHint: '1-16' },
  json: { type: 'boolean', description: 'Answer in JSON, without progress' },
} as const;

export const sampleCommand = createCommand({
  name: 'touchline sample',
  description:
    'Make up a company and its customers, in Chinese and English, the same for the same options; send it to a Touchline, or write it to a file.',
  args: ARGS,
  async run(args, terminal) {
    const { out } = args;
    const { stop } = terminal;
    if (out !== undefined && args.url !== undefined) {
      throw new CommandError('usage', '--out writes a file and --url sends: choose one');
    }
    const display = args.json || out === '-' ? SILENT : createDisplay(terminal.stderr);
    const options = {
      customers: wholeNumber('customers', args.customers, 1),
      events: wholeNumber('events', args.events, 0),
      seed: wholeNumber('seed', args.seed, 0),
      until: args.until,
    };
    const work: Work = { events: sampleOf(options), total: options.events, display, stop };
    const concurrency = wholeNumber('concurrency', args.concurrency, 1, 16);
    const result =
      out === undefined
        ? await send(work, concurrency, await findTarget(args, terminal.environment))
        : await write(work, out);
    if (args.json && out !== '-') terminal.stdout.write(`${JSON.stringify(result)}\n`);
    else if (out !== '-') terminal.stdout.write(`${describe(result)}\n`);
    if (stop.aborted) return 'interrupted';
    return result.rejected > 0 ? 'rejects' : 'done';
  },
});

interface Work {
  readonly events: Iterable<SampleEvent>;
  readonly total: number;
  readonly display: Display;
  readonly stop: AbortSignal;
}

interface SampleResult {
  /** Written or sent, repeats included. */
  events: number;
  out?: string;
  url?: string;
  accepted?: number;
  duplicates?: number;
  rejected: number;
  /** The first few refusals. */
  rejections?: unknown[];
}

function sampleOf(options: SampleOptions): Iterable<SampleEvent> {
  try {
    const events = generateSample(options);
    // Options are checked when the first event is asked for.
    const first = events.next();
    return (function* () {
      if (!first.done) yield first.value;
      yield* events;
    })();
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError('usage', `The ${error.message}.`);
    throw error;
  }
}

async function write({ events, total, display, stop }: Work, out: string): Promise<SampleResult> {
  const result: SampleResult = { events: 0, out, rejected: 0 };
  showProgress(display, `writing ${out}`, total, () => result.events);
  await writeLines(out, counted(events, stop, result));
  display.stop();
  return result;
}

function* counted(
  events: Iterable<SampleEvent>,
  stop: AbortSignal,
  result: { events: number },
): Generator<string> {
  for (const event of events) {
    if (stop.aborted) return;
    result.events += 1;
    yield JSON.stringify(event);
  }
}

async function send(work: Work, concurrency: number, target: Target): Promise<SampleResult> {
  const { display, stop, total } = work;
  if (!(await isReachable(target.url))) throw notRunning(target.url);
  const onRetry = (reason: string, waitMs: number): void =>
    display.note(`${reason}; trying again in ${formatSeconds(Math.max(1, waitMs / 1_000))}`);
  const sender = intakeSender(new IntakeClient(target, { onRetry }));
  const result = {
    events: 0,
    url: target.url,
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    rejections: [] as unknown[],
  };
  const made = { events: 0 };
  showProgress(display, `sending to ${target.url}`, total, () => result.events);
  const batches = batchesOf(entriesOf(counted(work.events, stop, made)), () => made.events);
  for await (const { items, accepted, duplicates, rejected, rejects } of upload(batches, sender, {
    concurrency,
    stop,
  })) {
    result.events += items;
    result.accepted += accepted;
    result.duplicates += duplicates;
    result.rejected += rejected;
    result.rejections.push(...rejects.slice(0, Math.max(0, 10 - result.rejections.length)));
  }
  display.stop();
  return result;
}

async function* entriesOf(lines: Iterable<string>): AsyncGenerator<Entry> {
  let number = 0;
  for (const json of lines) {
    number += 1;
    yield { lines: [number], json };
  }
}

function showProgress(display: Display, label: string, total: number, count: () => number): void {
  const pace = new Pace(performance.now(), 0);
  display.start(() => {
    const now = performance.now();
    return {
      label,
      fraction: total === 0 ? undefined : count() / total,
      count: count(),
      perSecond: pace.rate(now, count()),
      remainingSeconds: pace.remainingSeconds(now, count(), total),
    };
  });
}

function describe({
  events,
  out,
  url,
  accepted = 0,
  duplicates = 0,
  rejected,
  rejections = [],
}: SampleResult): string {
  if (out !== undefined) return `${out}: ${formatCount(events)} events written`;
  const counts = `${formatCount(accepted)} recorded, ${formatCount(duplicates)} there already, ${formatCount(rejected)} rejected`;
  return [`${url}: ${counts}`, ...rejections.map((one) => `  ${JSON.stringify(one)}`)].join('\n');
}
