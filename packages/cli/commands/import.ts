import { createDisplay, type Display, SILENT } from '../display/display.ts';
import { formatCount, formatSeconds } from '../display/pace.ts';
import { type NamedMapping, readMapping } from '../mapping/mapping-file.ts';
import { type ImportResult, importFile } from '../upload/import-file.ts';
import { IntakeClient, type Target } from '../upload/intake-client.ts';
import { ResumeFile } from '../upload/resume-point.ts';
import { intakeSender, type Sender } from '../upload/send-batch.ts';
import { createCommand } from './command.ts';
import { CommandError, type Ending } from './command-error.ts';
import { CONNECTION_ARGS, dataFolder, findTarget } from './connection.ts';
import { isReachable, notRunning } from './reachable.ts';
import { wholeNumber } from './strict-options.ts';

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

export const importCommand = createCommand({
  name: 'touchline import',
  description:
    'Import touchpoints from files into a running Touchline; repeating it is safe, what is there already is recognised.',
  args: ARGS,
  async run(args, terminal) {
    const files = args._;
    const isDry = args['dry-run'] === true;
    if (files.length > 1 && args.rejects) throw new CommandError('usage', '--rejects is for a single file');
    const concurrency = wholeNumber('concurrency', args.concurrency, 1, 16);
    const mapping = args.map === undefined ? undefined : await readMapping(args.map);
    const target = await findTarget(args, terminal.environment);
    const display = args.json ? SILENT : createDisplay(terminal.stderr);
    const checked = await chooseSender(target, display, isDry);
    const dataPath = dataFolder(terminal.environment);
    const results: ImportResult[] = [];
    announceStop(terminal.stop, display);
    for (const file of files) {
      const resume = isDry ? undefined : await openResume(dataPath, file, mapping, target, args.restart);
      const rejectsPath = args.rejects ?? `${file}.rejects.ndjson`;
      const options = {
        mapping,
        send: checked.send,
        concurrency,
        rejectsPath,
        resume,
        display,
        stop: terminal.stop,
      };
      const result = await importFile(file, options);
      results.push(result);
      if (!args.json) terminal.stdout.write(`${describe(result, isDry)}\n`);
      if (!['done', 'rejects'].includes(result.ending)) break;
    }
    const { by } = checked;
    if (args.json)
      terminal.stdout.write(
        `${JSON.stringify({ ...(isDry ? { checkedBy: by } : {}), ...totalsOf(results) })}\n`,
      );
    return endingOf(results);
  },
});

function announceStop(stop: AbortSignal, display: Display): void {
  const announce = (): void => display.note('stopping after what is under way; Ctrl-C again stops at once');
  stop.addEventListener('abort', announce, { once: true });
}

interface Checked {
  readonly send: Sender;
  readonly by: 'intake' | 'catalogue';
}

/** A dry run needs no Touchline; without one, the catalogue that came with this command checks as well. */
async function chooseSender(target: Target, display: Display, isDry: boolean): Promise<Checked> {
  if (await isReachable(target.url)) {
    const onRetry = (reason: string, waitMs: number): void =>
      display.note(`${reason}; trying again in ${formatSeconds(Math.max(1, waitMs / 1_000))}`);
    return { send: intakeSender(new IntakeClient(target, { validateOnly: isDry, onRetry })), by: 'intake' };
  }
  if (!isDry) throw notRunning(target.url);
  display.note(
    `No Touchline answers at ${target.url}: checking against the catalogue of this command instead.`,
  );
  const { offlineSender } = await import('../upload/offline-sender.ts');
  return { send: offlineSender(Date.now), by: 'catalogue' };
}

async function openResume(
  dataPath: string,
  file: string,
  mapping: NamedMapping | undefined,
  target: Target,
  restart: boolean | undefined,
): Promise<ResumeFile | undefined> {
  const resume = await ResumeFile.of(dataPath, file, mapping?.text ?? '', target.url);
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

function totalsOf(results: readonly ImportResult[]): object {
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
