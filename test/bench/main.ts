import { parseArgs } from 'node:util';
import { type Finding, machine, versions } from './measure/report.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** Shrinks every amount, for trying the benches themselves; figures of a scaled run are not to be quoted. */
  readonly scale: number;
  readonly tell: (line: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<readonly Finding[]>;

const BENCHES: Readonly<Record<string, { readonly says: string; load(): Promise<{ bench: Bench }> }>> = {
  post: {
    says: 'single durable posts against a route without storage',
    load: () => import('./subjects/post.ts'),
  },
  ndjson: { says: 'an NDJSON upload against plain inserts', load: () => import('./subjects/ndjson.ts') },
  page: {
    says: 'a page of a timeline against a route that answers the same bytes',
    load: () => import('./subjects/page.ts'),
  },
  fold: { says: 'folding the log against reading it', load: () => import('./subjects/fold.ts') },
  rebuild: {
    says: 'a fresh generation from an existing log, on both databases, against row by row',
    load: () => import('./subjects/rebuild.ts'),
  },
  memory: {
    says: 'peak memory of a large upload and of folding it',
    load: () => import('./subjects/memory.ts'),
  },
  freshness: {
    says: 'from the answer of one process to the page of another, and to the message on a topic',
    load: () => import('./subjects/freshness.ts'),
  },
  kafka: {
    says: 'the relay: out against a bare producer, in against the NDJSON door, CPU at rest',
    load: () => import('./subjects/kafka.ts'),
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

if (values.help) process.stdout.write(help());
else await run(positionals.length > 0 ? positionals : Object.keys(BENCHES));

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => BENCHES[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`no bench is named ${unknown.join(', ')}\n${help()}`);
    process.exitCode = 1;
    return;
  }
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  tell(`${machine()}\n${versions()}`);
  const findings: Finding[] = [];
  for (const name of names) {
    tell(`${name}: ${BENCHES[name]?.says}`);
    const loaded = await BENCHES[name]?.load();
    const found = await loaded?.bench({ rounds: Number(values.rounds), scale: Number(values.scale), tell });
    findings.push(...(found ?? []));
  }
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ machine: machine(), versions: versions(), findings }, null, 2)}\n`,
    );
  else process.stdout.write(findings.map(describe).join('\n\n').concat('\n'));
}

function describe({ bench, figures, result, goal, met }: Finding): string {
  const lines = Object.entries(figures).map(([name, figure]) => `  ${name.padEnd(44)} ${round(figure)}`);
  return [`${bench}: ${result} (goal ${goal}) ${met ? 'met' : 'NOT MET'}`, ...lines].join('\n');
}

function round(figure: number | string): string {
  if (typeof figure === 'string') return figure;
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3);
}

function help(): string {
  const lines = Object.entries(BENCHES).map(([name, { says }]) => `  ${name.padEnd(10)} ${says}`);
  return `npm run bench -- [--rounds 5] [--scale 1] [--json] [bench...]\n${lines.join('\n')}\n`;
}
