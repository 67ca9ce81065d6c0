import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { type InputError, Problem, type ProblemOptions } from './problem.ts';
import { isProblemCode, type ProblemCode } from './problems.ts';

/** How long a client should wait before it repeats a call that failed for now. */
const RETRY_AFTER_SECONDS: Partial<Record<ProblemCode, string>> = {
  'event-store-full': '30',
  'vault-full': '30',
  'token-store-full': '30',
  'read-store-full': '30',
  'event-store-unavailable': '5',
  'vault-unavailable': '5',
  'token-store-unavailable': '5',
  'read-store-unavailable': '5',
  'read-model-loading': '5',
  unavailable: '5',
};

const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'body-incomplete',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid-json',
  FST_ERR_BAD_URL: 'invalid-request',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid-request',
  FST_ERR_NOT_FOUND: 'not-found',
  FST_ERR_HANDLER_TIMEOUT: 'overloaded',
  ECONNRESET: 'body-incomplete',
  ERR_STREAM_PREMATURE_CLOSE: 'body-incomplete',
};

const STATUS_CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid-request',
  401: 'unauthenticated',
  // Only files answer it that are asked for by a path leading elsewhere; our own refusals are problems already.
  403: 'not-found',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'unavailable',
};

/** The one place where errors become what a client is told. Nothing of an unknown error is passed on. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (typeof error !== 'object' || error === null) return new Problem('internal', { cause: error });
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error);
  const { code, isRetryable, statusCode } = error as {
    code?: unknown;
    isRetryable?: unknown;
    statusCode?: unknown;
  };
  if (typeof isRetryable === 'boolean') return failure(code, isRetryable, error);
  const known = typeof code === 'string' ? FASTIFY_CODES[code] : undefined;
  const byStatus = typeof statusCode === 'number' ? STATUS_CODES[statusCode] : undefined;
  return told(known ?? byStatus ?? 'internal', error);
}

/** A failure of log, vault or read store: known by having `code` and `isRetryable`. */
function failure(code: unknown, isRetryable: boolean, cause: unknown): Problem {
  if (isProblemCode(code)) return told(code, cause, isRetryable);
  return told(isRetryable ? 'unavailable' : 'internal', cause, isRetryable);
}

function told(
  code: ProblemCode,
  cause: unknown,
  isRetryable = code === 'overloaded' || code === 'unavailable',
): Problem {
  const options: ProblemOptions = isRetryable
    ? { cause, headers: { 'retry-after': RETRY_AFTER_SECONDS[code] ?? '1' } }
    : { cause };
  return new Problem(code, options);
}

const PLACES = { body: 'body', querystring: 'query', params: 'path', headers: 'header' } as const;

interface Issue {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly keyword?: string | undefined;
  readonly params?: unknown;
}

function invalidRequest(error: {
  validation: readonly Issue[];
  validationContext?: string | undefined;
}): Problem {
  const place = PLACES[(error.validationContext ?? 'body') as keyof typeof PLACES] ?? 'body';
  const errors = error.validation.flatMap(errorsOf).map((one): InputError => ({ ...one, in: place }));
  return new Problem('invalid-request', { errors });
}

/** What is not known is told by its own name, one by one. */
function errorsOf({ instancePath, message, keyword, params }: Issue): InputError[] {
  const pointer = instancePath === '/' ? '' : instancePath;
  const { keys } = (params ?? {}) as { keys?: readonly string[] };
  if (keyword !== 'unrecognized_keys' || keys === undefined) {
    return [{ pointer, detail: message ?? 'is not valid' }];
  }
  return keys.map((key) => ({ pointer: `${pointer}/${escaped(key)}`, detail: 'is not known here' }));
}

/** RFC 6901. */
function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
