export type { Logger } from 'pino';
export { Counter, Gauge, Histogram, type Registry } from 'prom-client';
export { type AccessTokens, adminTokens, type Principal, signInLink } from './access.ts';
export { AdminTokenError, adminTokenOf, readAdminToken } from './admin-token.ts';
export { type Clock, systemClock } from './clock.ts';
export { type Config, ConfigError, readConfig } from './config.ts';
export { type Cursor, defineCursor, listOf } from './cursors.ts';
export { type EventSource, type ServerSentEvent, streamEvents } from './event-stream.ts';
export { type ReadJson, readJson } from './json.ts';
export { createLogger } from './logger.ts';
export { assertAcceptable, assertNotEncoded } from './media-types.ts';
export {
  MIN_POSITION_HEADER,
  MinPositionHeaders,
  minPositionOf,
  POSITION_HEADER,
  type PositionSource,
  PositionText,
  positionNotReached,
  tellPosition,
  waitForPosition,
} from './positions.ts';
export { type InputError, Problem, type ProblemOptions } from './problem.ts';
export { problemOf } from './problem-mapping.ts';
export { isProblemCode, PROBLEMS, type ProblemCode } from './problems.ts';
export { type Composition, type ProcessContext, type StartedProcess, startProcess } from './process.ts';
export { ListenError, type RunningServer, type RunOptions, runServer, type SignalHost } from './run.ts';
export { createServer, DEFAULT_MAX_BODY_BYTES, type ServerOptions } from './server.ts';
export {
  type App,
  type Check,
  defineService,
  type Mounted,
  type MountedServices,
  type RouteDocumentation,
  type Service,
} from './service.ts';
export { StoredTokens } from './stored-tokens.ts';
export { TOKEN_NOTICE_MS, TokenRegister, type TokenRegisterOptions } from './token-register.ts';
