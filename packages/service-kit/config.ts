import { z } from 'zod';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const FilesOrPostgres = z
  .string()
  .refine(
    isFilesOrPostgres,
    'must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
  );

const Environment = z.object({
  TOUCHLINE_HOST: z.string().max(255).default('127.0.0.1'),
  TOUCHLINE_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number from 0 to 65535')
    .default(4000),
  TOUCHLINE_DATA: z.string().default('.touchline'),
  TOUCHLINE_ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/, 'must be 1 to 512 visible ASCII characters without spaces')
    .optional(),
  TOUCHLINE_EVENT_STORE: z
    .string()
    .regex(
      /^(?:sqlite:|(?:esdb|kurrentdb|kurrent)(?:\+discover)?:\/\/[^/])/,
      'must be sqlite:, sqlite:<folder>, or esdb://<user>:<password>@<host>:<port> (also esdb+discover, kurrentdb)',
    )
    .default('sqlite:'),
  TOUCHLINE_KEY_STORE: FilesOrPostgres.default('sqlite:'),
  TOUCHLINE_READ_STORE: FilesOrPostgres.default('sqlite:'),
  TOUCHLINE_TOKEN_STORE: FilesOrPostgres.default('sqlite:'),
  TOUCHLINE_RELAY_STORE: FilesOrPostgres.default('sqlite:'),
  TOUCHLINE_KAFKA: z
    .string()
    .regex(/^kafka:\/\/./, 'must be kafka://<host>:<port>, several separated by commas')
    .optional(),
  TOUCHLINE_KAFKA_MODE: z
    .enum(['structured', 'binary'], 'must be structured or binary')
    .default('structured'),
  TOUCHLINE_KAFKA_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,200}$/, 'must be 1 to 200 letters, digits, ., _ and -')
    .default('touchline.'),
  TOUCHLINE_TIMELINE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .default('http://127.0.0.1:4000'),
  TOUCHLINE_KEEP_GENERATIONS: z
    .string()
    .regex(/^\d{1,2}$/, 'must be a number from 0 to 99')
    .transform(Number)
    .default(1),
  TOUCHLINE_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  TOUCHLINE_SAMPLE: z.enum(['on', 'off'], 'must be on or off').default('on'),
});

export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly dataFolder: string;
  readonly adminToken?: string;
  readonly eventStore: string;
  readonly keyStore: string;
  readonly readStore: string;
  readonly tokenStore: string;
  /** Address of the broker; without it nothing is relayed. */
  readonly kafka?: string;
  /** How CloudEvents lie in messages. */
  readonly kafkaMode: 'structured' | 'binary';
  /** Beginning of the names of the relay's topics. */
  readonly kafkaPrefix: string;
  /** Where the relay keeps its checkpoints. */
  readonly relayStore: string;
  /** Where the timeline service answers, for services that run apart from it. */
  readonly timelineUrl: string;
  /** Former generations of a read model kept for a rollback. */
  readonly keepGenerations: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly sample: boolean;
}

/** The environment cannot be used. Each error names its variable; values are not repeated. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'invalid-config';
  readonly isRetryable = false;
  readonly errors: readonly { readonly variable: string; readonly detail: string }[];

  constructor(errors: readonly { variable: string; detail: string }[]) {
    super(errors.map(({ variable, detail }) => `${variable} ${detail}`).join('; '));
    this.errors = errors;
  }
}

/**
 * Reads the `TOUCHLINE_*` variables; an empty one counts as not set. Variables that nobody knows are probably
 * misspelt: each gives a warning. `also` names variables that other parts read.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  options: { also?: readonly string[] } = {},
): { readonly config: Config; readonly warnings: readonly string[] } {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0]), detail: message })),
    );
  }
  const known = new Set([...Object.keys(Environment.shape), ...(options.also ?? [])]);
  const unknown = Object.keys(environment)
    .filter((name) => /^TOUCHLINE_(?!TEST_)/.test(name) && !known.has(name))
    .map((name) => `${name} is not a variable Touchline knows`);
  const config = toConfig(parsed.data);
  return { config, warnings: [...unknown, ...leftBehind(config)] };
}

/** Whoever keeps keys on a server means to lose this machine with its disk. */
function leftBehind({ keyStore, tokenStore }: Config): string[] {
  if (keyStore.startsWith('sqlite:') || !tokenStore.startsWith('sqlite:')) return [];
  return [
    'TOUCHLINE_KEY_STORE is on a server and TOUCHLINE_TOKEN_STORE is not: tokens made here work on this machine only and are lost with its disk',
  ];
}

function isFilesOrPostgres(place: string): boolean {
  if (place.startsWith('sqlite:')) return true;
  const url = URL.parse(place);
  const isPostgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
  return isPostgres && url.pathname.length > 1;
}

function toConfig(read: z.infer<typeof Environment>): Config {
  return {
    host: read.TOUCHLINE_HOST,
    port: read.TOUCHLINE_PORT,
    dataFolder: read.TOUCHLINE_DATA,
    ...(read.TOUCHLINE_ADMIN_TOKEN === undefined ? {} : { adminToken: read.TOUCHLINE_ADMIN_TOKEN }),
    eventStore: read.TOUCHLINE_EVENT_STORE,
    keyStore: read.TOUCHLINE_KEY_STORE,
    readStore: read.TOUCHLINE_READ_STORE,
    tokenStore: read.TOUCHLINE_TOKEN_STORE,
    ...(read.TOUCHLINE_KAFKA === undefined ? {} : { kafka: read.TOUCHLINE_KAFKA }),
    kafkaMode: read.TOUCHLINE_KAFKA_MODE,
    kafkaPrefix: read.TOUCHLINE_KAFKA_PREFIX,
    relayStore: read.TOUCHLINE_RELAY_STORE,
    timelineUrl: read.TOUCHLINE_TIMELINE_URL,
    keepGenerations: read.TOUCHLINE_KEEP_GENERATIONS,
    logLevel: read.TOUCHLINE_LOG_LEVEL,
    sample: read.TOUCHLINE_SAMPLE === 'on',
  };
}
