import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TouchlineProcess } from './touchline-process.ts';

/** A running installation, whichever processes it is made of. */
export interface Installation {
  readonly dataFolder: string;
  /** The process that answers a path. */
  at(path: string): TouchlineProcess;
  /** Crashes and starts again every process. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** The shapes every end-to-end promise is tried in. */
export const SHAPES = ['one process', 'one process per service'] as const;
export type Shape = (typeof SHAPES)[number];

/** `settings` go to every process. */
export async function install(
  shape: Shape,
  settings: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'touchline-e2e-'));
  const names = shape === 'one process' ? ['standalone'] : ['intake', 'timeline', 'customers', 'replay'];
  const processes = new Map<string, TouchlineProcess>();
  const startAll = async (): Promise<void> => {
    for (const service of names) {
      const timeline = processes.get('timeline')?.origin;
      const environment = { ...settings, ...(timeline ? { TOUCHLINE_TIMELINE_URL: timeline } : {}) };
      processes.set(service, await TouchlineProcess.start({ service, dataFolder, environment }));
    }
  };
  await startAll();
  return {
    dataFolder,
    at(path) {
      const found = processes.get('standalone') ?? processes.get(serviceOf(path));
      if (found === undefined) throw new Error(`no process answers ${path}`);
      return found;
    },
    async crash() {
      await Promise.all([...processes.values()].map((one) => one.kill()));
      await startAll();
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
  if (/^\/v1\/(readmodels|log)/.test(path)) return 'replay';
  if (/^\/v1\/entries\/[^/]+\/(corrections|retraction)/.test(path)) return 'customers';
  return 'timeline';
}
