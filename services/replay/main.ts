import { startProcess } from '@touchline/service-kit';
import { composeReplay } from './compose.ts';

/** The replay service in a process of its own: asks for work on read models, and tells how they stand. */
await startProcess(composeReplay);
