import { signInLink, startProcess } from '@touchline/service-kit';
import { composeStandalone } from './compose.ts';

/** `npm start`: the whole of Touchline in one process. Words for people go to stdout. */
let loadSample = async (): Promise<number | undefined> => 0;
const { origin, token, config } = await startProcess(async (context) => {
  const composed = await composeStandalone(context);
  loadSample = composed.loadSample;
  return composed;
});
const sampled = config.sample ? await loadSample() : 0;

// Told to end meanwhile, it is not running any more.
if (sampled !== undefined)
  process.stdout.write(`
Touchline is running.

  Open    ${signInLink(origin, token)}
  API     ${origin}/docs
  Data    ${config.dataFolder}
${sampled === 0 ? '' : `  Sample  ${sampled} touchpoints of a made-up company; TOUCHLINE_SAMPLE=off starts empty\n`}
`);
