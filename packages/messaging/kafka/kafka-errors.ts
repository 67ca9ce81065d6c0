import { MessagingError, type MessagingErrorCode } from '../errors.ts';

const CODES: Readonly<Record<string, MessagingErrorCode>> = {
  MESSAGE_TOO_LARGE: 'message-too-large',
  RECORD_LIST_TOO_LARGE: 'message-too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'topic-missing',
  REQUEST_TIMED_OUT: 'messaging-timeout',
  TOPIC_AUTHORIZATION_FAILED: 'messaging-refused',
  GROUP_AUTHORIZATION_FAILED: 'messaging-refused',
  CLUSTER_AUTHORIZATION_FAILED: 'messaging-refused',
  SASL_AUTHENTICATION_FAILED: 'messaging-refused',
  UNSUPPORTED_SASL_MECHANISM: 'messaging-refused',
  ILLEGAL_SASL_STATE: 'messaging-refused',
  UNSUPPORTED_VERSION: 'messaging-refused',
  INVALID_TOPIC_EXCEPTION: 'messaging-refused',
  INVALID_CONFIG: 'messaging-refused',
  INVALID_PARTITIONS: 'messaging-refused',
  INVALID_REPLICATION_FACTOR: 'messaging-refused',
  INVALID_GROUP_ID: 'messaging-refused',
  INVALID_RECORD: 'messaging-refused',
  POLICY_VIOLATION: 'messaging-refused',
  KafkaJSSASLAuthenticationError: 'messaging-refused',
  KafkaJSServerDoesNotSupportApiKey: 'messaging-refused',
  KafkaJSNotImplemented: 'messaging-refused',
  KafkaJSRequestTimeoutError: 'messaging-timeout',
};
/** Causes of causes that are looked at. */
const MAX_DEPTH = 8;

/**
 * What the client threw, as ours. The innermost known reason decides; without one it counts as passing trouble, since
 * calling again can do no harm.
 */
export function messagingError(failure: unknown, doing: string): MessagingError {
  if (failure instanceof MessagingError) return failure;
  const reasons = reasonsOf(failure);
  const known = reasons.find((reason) => CODES[reason] !== undefined);
  const code = CODES[known ?? ''] ?? 'messaging-unavailable';
  const reason = known ?? reasons[0] ?? 'unknown';
  return new MessagingError(code, `${doing} failed (${reason})`, { cause: failure });
}

/** The protocol's name for what went wrong, such as `UNKNOWN_MEMBER_ID`. */
export function protocolTypeOf(failure: unknown): string | undefined {
  return causesOf(failure)
    .map(({ type }) => type)
    .find((type) => typeof type === 'string');
}

interface ClientError {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

function reasonsOf(failure: unknown): readonly string[] {
  return causesOf(failure)
    .toReversed()
    .flatMap(({ type, name, code }) => [type, code, name])
    .filter((reason) => typeof reason === 'string' && reason !== 'Error') as string[];
}

function causesOf(failure: unknown, depth = 0): readonly ClientError[] {
  if (typeof failure !== 'object' || failure === null || depth === MAX_DEPTH) return [];
  const error: ClientError = failure;
  const errors = Array.isArray(error.errors) ? error.errors : [];
  return [error, ...[error.cause, ...errors].flatMap((cause) => causesOf(cause, depth + 1))];
}
