import { startProcess } from '@touchline/service-kit';
import { composeIntake } from './compose.ts';

/** The intake service in a process of its own: writes to the log of the data folder. */
await startProcess(composeIntake);
