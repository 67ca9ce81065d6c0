import { startProcess } from '@touchline/service-kit';
import { composeTimeline } from './compose.ts';

/** The timeline service in a process of its own: folds the log of the data folder and answers from it. */
await startProcess(composeTimeline);
