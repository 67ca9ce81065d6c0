export { type IntakeBacking, intake } from './intake-service.ts';
export { DEFAULT_LIMITS, type IntakeLimits } from './limits.ts';
