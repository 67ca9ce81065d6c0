import { startProcess } from '@touchline/service-kit';
import { composeIntake } from './compose.ts';

/** The front door in a process of its own. */
await startProcess(composeIntake);
