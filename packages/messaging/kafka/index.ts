export type { KafkaLogger } from './client-log.ts';
export { type KafkaOptions, openKafka } from './kafka-messaging.ts';
export { DEFAULT_LIMITS, type KafkaLimits } from './limits.ts';
