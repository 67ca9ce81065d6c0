import { join } from 'node:path';
import { TouchlineProcess } from '../../support/touchline-process.ts';

export interface RelayPlace {
  readonly dataFolder: string;
  readonly kafka: string;
  /** Before the names of its topics; its checkpoints are as new as the prefix. */
  readonly prefix: string;
  readonly timeline?: TouchlineProcess;
}

/** A relay in a process of its own, on the files of a data folder. */
export function startRelay({ dataFolder, kafka, prefix, timeline }: RelayPlace): Promise<TouchlineProcess> {
  const environment = {
    TOUCHLINE_KAFKA: kafka,
    TOUCHLINE_KAFKA_PREFIX: prefix,
    TOUCHLINE_RELAY_STORE: `sqlite:${join(dataFolder, prefix)}`,
    ...(timeline && { TOUCHLINE_TIMELINE_URL: timeline.origin }),
  };
  return TouchlineProcess.start({ service: 'relay', dataFolder, environment });
}

/** One of the relay's measures; 0 while it is not shown. */
export async function measureOf(relay: TouchlineProcess, series: string): Promise<number> {
  const text = await (await relay.fetch('/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}
