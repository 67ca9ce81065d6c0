import { setTimeout as delay } from 'node:timers/promises';
import { uniqueName } from '../../../support/kafka.ts';
import { note } from '../../../support/sample-events.ts';
import { TouchlineProcess } from '../../../support/touchline-process.ts';
import { cpuOf } from '../../measure/cpu.ts';
import { inTemporaryFolder } from '../../measure/installation.ts';
import { startRelay } from '../../measure/relay-process.ts';
import { median } from '../../measure/rounds.ts';
import type { KafkaBench } from './kafka-bench.ts';

const REST_MS = 30_000;
const LOOK_MS = 20_000;
const LOOKS = 3;
const GOAL_PERCENT = 1;

/** CPU of a relay that leads and has nothing to do, all its threads together, as a share of one core. */
export const benchIdle: KafkaBench = ({ tell }, { kafka }) =>
  inTemporaryFolder(async (dataFolder) => {
    const intake = await TouchlineProcess.start({ service: 'intake', dataFolder });
    const timeline = await TouchlineProcess.start({ service: 'timeline', dataFolder });
    const relay = await startRelay({
      dataFolder,
      kafka: kafka.url,
      prefix: `${uniqueName('idle')}.`,
      timeline,
    });
    await (await intake.post(note('the last'))).arrayBuffer();
    await delay(REST_MS);
    const shares: number[] = [];
    for (let look = 0; look < LOOKS; look++) {
      const [before, start] = [cpuOf(relay.pid), performance.now()];
      await delay(LOOK_MS);
      const percent = (cpuOf(relay.pid) - before) / 10 / (performance.now() - start);
      tell(`  ${percent.toFixed(2)} % of a core over ${LOOK_MS / 1_000} s`);
      shares.push(percent);
    }
    await Promise.all([relay, timeline, intake].map((process) => process.stop()));
    const percent = median(shares);
    return {
      bench: 'kafka, idle',
      result: `${percent.toFixed(2)} % of a core`,
      goal: `< ${GOAL_PERCENT} %`,
      met: percent < GOAL_PERCENT,
      figures: { '% of a core': percent },
    };
  });
