import { startProcess } from '@touchline/service-kit';
import { composeCustomers } from './compose.ts';

/** The customers service in a process of its own: writes decisions to the log, asks the timeline service who is who. */
await startProcess(composeCustomers);
