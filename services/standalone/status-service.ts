import { readFileSync } from 'node:fs';
import type { Journal } from '@touchline/journal';
import { parkedTable, type ReadModelReader } from '@touchline/read-store';
import { defineService } from '@touchline/service-kit';
import { z } from 'zod';

export interface StatusBacking {
  readonly journal: Pick<Journal, 'head'>;
  readonly reader: ReadModelReader;
}

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const ReadModelStatus = z.object({
  name: z.string(),
  position: z.string(),
  head: z.string(),
  lag: z.int().describe('Positions between head and position'),
  state: z.enum(['live', 'catching-up', 'loading']),
  parked: z.int().describe('Data subjects whose touchpoints are held back'),
});

const Status = z.object({
  version: z.string(),
  head: z.string().describe('Position of the last touchpoint in the log'),
  touchpoints: z.string().describe('Touchpoints recorded'),
  readModels: z.array(ReadModelStatus),
  uptimeSeconds: z.int(),
});

/** What is running, for the first page. The full operations API comes with the replay service. */
export const status = defineService<StatusBacking>({
  name: 'status',
  title: 'What is running',
  routes(app, { journal, reader }) {
    app.route({
      method: 'GET',
      url: '/v1/status',
      schema: { summary: 'What is running', response: { 200: Status } },
      handler: async () => {
        const head = await journal.head();
        return {
          version,
          head: String(head),
          touchpoints: String(head),
          readModels: [await readModelStatus(reader, head)],
          uptimeSeconds: Math.round(process.uptime()),
        };
      },
    });
  },
});

async function readModelStatus(
  reader: ReadModelReader,
  head: bigint,
): Promise<z.infer<typeof ReadModelStatus>> {
  const name = 'timeline';
  const position = await reader.position();
  const seen = await reader
    .read((snapshot) =>
      snapshot.all<{ parked: number }>(`SELECT count(*) AS parked FROM ${parkedTable.name}`),
    )
    .catch(() => undefined);
  const at = {
    name,
    position: String(position),
    head: String(head),
    lag: Number(head > position ? head - position : 0n),
  };
  if (seen === undefined) return { ...at, state: 'loading', parked: 0 };
  return { ...at, state: at.lag === 0 ? 'live' : 'catching-up', parked: seen[0]?.parked ?? 0 };
}
