import { startProcess } from '@touchline/service-kit';
import { composeRelay } from './compose.ts';

/** The relay in a process of its own: on the log of its data folder, asks the timeline service who is who. */
await startProcess(composeRelay);
