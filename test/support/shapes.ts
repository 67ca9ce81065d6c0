import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TouchlineProcess } from './touchline-process.ts';

type Settings = Readonly<Record<string, string>>;

/** A running installation, whichever processes it is made of. */
export interface Installation {
  readonly dataFolder: string;
  /** What every process was given beside the data folder. */
  readonly settings: Settings;
  /** Names of its processes. */
  readonly services: readonly string[];
  /** Name of the process that answers a path. */
  serviceAt(path: string): string;
  /** The process that answers a path. */
  at(path: string): TouchlineProcess;
  /** The process of that name. */
  named(service: string): TouchlineProcess;
  /** Crashes and starts again every process, or one. Each keeps its address. */
  crash(service?: string): Promise<void>;
  close(): Promise<void>;
}

/** What each shape is made of. The timeline comes before those who ask it. */
const SERVICES = {
  'one process': ['standalone'],
  'one process per service': ['intake', 'timeline', 'customers', 'replay'],
  'one process each on PostgreSQL and Kafka': ['intake', 'timeline', 'customers', 'replay', 'relay'],
} as const;

export type Shape = keyof typeof SERVICES;
/** The shape that needs engines: `everyShape` installs it. */
export const DISTRIBUTED = 'one process each on PostgreSQL and Kafka';

/** `settings` go to every process. */
export async function install(shape: Shape, settings: Settings = {}): Promise<Installation> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'touchline-e2e-'));
  const services: readonly string[] = SERVICES[shape];
  const processes = new Map<string, TouchlineProcess>();
  const start = async (service: string): Promise<void> => {
    const timeline = processes.get('timeline')?.origin;
    const environment = { ...settings, ...(timeline && { TOUCHLINE_TIMELINE_URL: timeline }) };
    const port = Number(new URL(processes.get(service)?.origin ?? 'http://localhost:0').port);
    processes.set(service, await TouchlineProcess.start({ service, dataFolder, port, environment }));
  };
  const serviceAt = (path: string): string => (processes.has('standalone') ? 'standalone' : serviceOf(path));
  const named = (service: string): TouchlineProcess => {
    const found = processes.get(service);
    if (found === undefined) throw new Error(`there is no process ${service}`);
    return found;
  };
  for (const service of services) await start(service);
  return {
    dataFolder,
    settings,
    services,
    serviceAt,
    at: (path) => named(serviceAt(path)),
    named,
    async crash(service) {
      const crashed = service === undefined ? services : [service];
      await Promise.all(crashed.map((one) => processes.get(one)?.kill()));
      for (const one of crashed) await start(one);
    },
    async close() {
      await Promise.all([...processes.values()].map((one) => one.stop()));
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** As a gateway in front of the services would. */
function serviceOf(path: string): string {
  if (/^\/v1\/event(s|-types)/.test(path)) return 'intake';
  if (/^\/v1\/(identifiers\/|customers\/[^/]+\/(merge|unmerge|nomerge))/.test(path)) return 'customers';
  if (/^\/v1\/(readmodels|log|tokens)/.test(path)) return 'replay';
  if (/^\/v1\/entries\/[^/]+\/(corrections|retraction)/.test(path)) return 'customers';
  if (path.startsWith('/v1/relay/')) return 'relay';
  return 'timeline';
}
