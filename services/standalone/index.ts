export { type Standalone, startStandalone } from './compose.ts';
