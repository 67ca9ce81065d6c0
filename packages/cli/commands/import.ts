import { defineCommand } from 'citty';
import { createDisplay, type Display, SILENT } from '../display/display.ts';
import { formatCount, formatSeconds } from '../display/pace.ts';
import { type NamedMapping, readMapping } from '../mapping/mapping-file.ts';
import { type ImportResult, importFile } from '../upload/import-file.ts';
import { IntakeClient, type Target } from '../upload/intake-client.ts';
import { offlineSender } from '../upload/offline-sender.ts';
import { ResumeFile } from '../upload/resume-point.ts';
import { intakeSender, type Sender } from '../upload/send-batch.ts';
import { CommandError, type Ending, EXIT_CODES } from './command-error.ts';
import { CONNECTION_ARGS, dataFolder, findTarget } from './connection.ts';
import { stopOnInterrupt } from './interrupt.ts';
import { isReachable } from './reachable.ts';
import { refuseUnknownOptions, wholeNumber } from './strict-options.ts';

const ARGS = {
  files: {
    type: 'positional',
    description: 'NDJSON of CloudEvents, or CSV with --map; also .gz',
    required: true,
  },
  map: {
    type: 'string',
    description: 'Mapping: how lines of CSV become touchpoints (JSON)',
    valueHint: 'mapping',
  },
  'dry-run': { type: 'boolean', description: 'Check everything, record nothing' },
  rejects: {
    type: 'string',
    description: 'Where rejected lines go (default <file>.rejects.ndjson)',
    valueHint: 'file',
  },
  concurrency: { type: 'string', description: 'Batches under way at once', default: '2', valueHint: '1-16' },
  restart: {
    type: 'boolean',
    description: 'Begin at the first line, also when an earlier run was interrupted',
  },
  ...CONNECTION_ARGS,
  json: { type: 'boolean', description: 'Answer in JSON, without progress' },
} as const;

export const importCommand = defineCommand({
  meta: {
    name: 'import',
    description:
      'Import touchpoints from files into a running Touchline; repeating it is safe, what is there already is recognised.',
  },
  args: ARGS,
  async run({ args, rawArgs }) {
    refuseUnknownOptions(rawArgs, ARGS);
    const files = args._;
    if (files.length > 1 && args.rejects) throw new CommandError('usage', '--rejects is for a single file');
    const concurrency = wholeNumber('concurrency', args.concurrency, 1, 16);
    const mapping = args.map === undefined ? undefined : await readMapping(args.map);
    const target = await findTarget(args, process.env);
    const display = args.json ? SILENT : createDisplay(process.stderr);
    using stop = stopOnInterrupt(() =>
      display.note('stopping after what is under way; Ctrl-C again stops at once'),
    );
    const send = await chooseSender(target, display, args);
    const results: ImportResult[] = [];
    for (const file of files) {
      const resume = args['dry-run'] ? undefined : await openResume(file, mapping, target, args.restart);
      const rejectsPath = args.rejects ?? `${file}.rejects.ndjson`;
      const options = { mapping, send, concurrency, rejectsPath, resume, display, stop };
      const result = await importFile(file, options);
      results.push(result);
      if (!args.json) process.stdout.write(`${describe(result, args['dry-run'] === true)}\n`);
      if (!['done', 'rejects'].includes(result.ending)) break;
    }
    if (args.json) process.stdout.write(`${JSON.stringify(jsonOf(results))}\n`);
    process.exitCode = EXIT_CODES[endingOf(results)];
  },
});

async function chooseSender(
  target: Target,
  display: Display,
  args: { readonly 'dry-run'?: boolean | undefined; readonly url?: string | undefined },
): Promise<Sender> {
  const isDry = args['dry-run'] === true;
  const isAsked = args.url !== undefined || process.env.TOUCHLINE_URL !== undefined;
  if (isDry && !isAsked && !(await isReachable(target.url))) {
    display.note(
      `No Touchline answers at ${target.url}: checking against the catalogue of this command instead.`,
    );
    return offlineSender(() => Date.now());
  }
  const onRetry = (reason: string, waitMs: number): void =>
    display.note(`${reason}; trying again in ${formatSeconds(Math.max(1, waitMs / 1_000))}`);
  return intakeSender(new IntakeClient(target, { validateOnly: isDry, onRetry }));
}

async function openResume(
  file: string,
  mapping: NamedMapping | undefined,
  target: Target,
  restart: boolean | undefined,
): Promise<ResumeFile | undefined> {
  const resume = await ResumeFile.of(dataFolder(process.env), file, mapping?.text ?? '', target.url);
  if (restart) await resume.remove();
  return resume;
}

function describe(result: ImportResult, isDry: boolean): string {
  const { file, accepted, duplicates, rejected, seconds, problem, ending } = result;
  const counts = [
    `${formatCount(accepted)} ${isDry ? 'valid' : 'recorded'}`,
    ...(isDry ? [] : [`${formatCount(duplicates)} there already`]),
    `${formatCount(rejected)} rejected`,
  ].join(', ');
  const lines = [`${file}: ${counts} (${formatSeconds(seconds)})`];
  if (result.rejects !== undefined) lines.push(`  rejected lines and why: ${result.rejects}`);
  if (problem !== undefined) lines.push(`  ${problem.replaceAll('\n', '\n  ')}`);
  if (ending === 'interrupted' || ending === 'failed')
    lines.push('  Run the same command again to go on from here.');
  return lines.join('\n');
}

function jsonOf(results: readonly ImportResult[]): object {
  const sum = (key: 'touchpoints' | 'accepted' | 'duplicates' | 'rejected') =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    touchpoints: sum('touchpoints'),
    accepted: sum('accepted'),
    duplicates: sum('duplicates'),
    rejected: sum('rejected'),
    files: results,
  };
}

/** The worst of them. */
function endingOf(results: readonly ImportResult[]): Ending {
  const order: readonly Ending[] = ['usage', 'failed', 'interrupted', 'rejects'];
  return order.find((ending) => results.some((result) => result.ending === ending)) ?? 'done';
}
