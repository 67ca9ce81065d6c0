import { isFinished, type Job, type RebuildReport } from '@touchline/read-store';
import { Counter, Gauge, type Registry } from '@touchline/service-kit';
import { jobPage } from './job-pages.ts';
import { STATES, type Standing } from './read-models.ts';
import type { ReplayBacking } from './replay-service.ts';

/** Looked up once for all metrics of a scrape: they are collected at the same time. */
interface Seen {
  /** Nothing when log or catalogue could not be read: the other measures of the process are shown all the same. */
  readonly events: number | undefined;
  readonly standings: readonly (Standing & { readonly folded: number; readonly rebuild: Job | undefined })[];
}

const UNREADABLE: Seen = { events: undefined, standings: [] };

type ByReadModel = readonly [name: string, help: string, value: (model: Seen['standings'][number]) => number];

const BY_READ_MODEL: readonly ByReadModel[] = [
  ['folded_events', 'Events of the log up to the position of the read model', ({ folded }) => folded],
  ['behind_events', 'Events recorded after the position of the read model', ({ behind }) => behind.events],
  [
    'behind_seconds',
    'Age of the oldest event after the position of the read model',
    ({ behind }) => behind.seconds,
  ],
  ['lag_events', 'Events not applied: behind or parked', ({ lag }) => lag.events],
  ['lag_seconds', 'Age of the oldest event not applied: behind or parked', ({ lag }) => lag.seconds],
  ['parked_subjects', 'Data subjects whose events are held back', ({ parked }) => parked.subjects],
  ['parked_events', 'Events held back', ({ parked }) => parked.events],
  ['generation', 'Number of the live generation; 0 while there is none', ({ generation }) => generation ?? 0],
  ['rebuild_running', '1 while a rebuild is not finished', ({ rebuild }) => (rebuild === undefined ? 0 : 1)],
  [
    'rebuild_progress_ratio',
    'How far the rebuild is, 0 to 1; 0 when there is none',
    (model) => (told(model).percent ?? 0) / 100,
  ],
  ['rebuild_events_per_second', 'Pace of the rebuild', (model) => told(model).rate ?? 0],
  [
    'rebuild_eta_seconds',
    'Time until the rebuild has read the log; 0 when it is not known',
    (model) => told(model).eta ?? 0,
  ],
];

/** How log, read models and files stand, read when somebody asks for `/metrics`. */
export function registerMeasures(registry: Registry, backing: ReplayBacking): void {
  const registers = [registry];
  const seen = shared(() => look(backing).catch(() => UNREADABLE));
  new Counter({
    name: 'touchline_log_events_total',
    help: 'Events in the log',
    registers,
    async collect() {
      const { events } = await seen();
      this.reset();
      this.inc(events ?? 0);
    },
  });
  new Gauge({
    name: 'touchline_log_readable',
    help: '1 while the log can be read; 0: what is told of log and read models is worth nothing',
    registers,
    async collect() {
      this.set((await seen()).events === undefined ? 0 : 1);
    },
  });
  for (const [name, help, value] of BY_READ_MODEL) {
    new Gauge({
      name: `touchline_read_model_${name}`,
      help,
      labelNames: ['read_model'],
      registers,
      async collect() {
        const { standings } = await seen();
        this.reset();
        for (const model of standings) this.set({ read_model: model.name }, value(model));
      },
    });
  }
  new Gauge({
    name: 'touchline_read_model_state',
    help: '1 for the state the read model is in, 0 for the others',
    labelNames: ['read_model', 'state'],
    registers,
    async collect() {
      const { standings } = await seen();
      this.reset();
      for (const { name, state } of standings)
        for (const each of STATES) this.set({ read_model: name, state: each }, each === state ? 1 : 0);
    },
  });
  registerSizes(registry, backing);
}

function registerSizes(registry: Registry, { fileSizes }: ReplayBacking): void {
  const sizes = shared(fileSizes);
  const gauge = (name: string, help: string, value: 'bytes' | 'walBytes') =>
    new Gauge({
      name,
      help,
      labelNames: ['part'],
      registers: [registry],
      async collect() {
        const all = await sizes();
        for (const size of all) this.set({ part: size.part }, size[value]);
      },
    });
  gauge('touchline_storage_bytes', 'Room on disk, write-ahead logs included', 'bytes');
  gauge('touchline_wal_bytes', 'Write-ahead logs not yet copied into their databases', 'walBytes');
}

async function look({ readModels, eventStore, readStore }: ReplayBacking): Promise<Seen> {
  const standings: Seen['standings'][number][] = [];
  for (const name of await readModels.names()) {
    const standing = await readModels.standing(name);
    const folded = await eventStore.count({ upTo: standing.position });
    const { jobs } = await jobPage(readStore.jobs, name, { kind: 'rebuild', limit: 1 });
    const rebuild = jobs.find(({ state }) => !isFinished(state));
    standings.push({ ...standing, folded, rebuild });
  }
  return { events: await eventStore.count(), standings };
}

function told({ rebuild }: { readonly rebuild: Job | undefined }): Partial<RebuildReport> {
  return (rebuild?.report ?? {}) as Partial<RebuildReport>;
}

/** Whoever asks while it is being looked up gets the same answer. */
function shared<T>(work: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
