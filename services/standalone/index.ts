export { composeStandalone } from './compose.ts';
