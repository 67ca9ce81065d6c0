export { type CheckpointsFixture, checkpointsContract } from './contract.ts';
