import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

test('an empty environment gives the defaults: loopback, port 4000, a folder beside, SQLite', () => {
  expect(readConfig({ PATH: '/bin', TOUCHLINE_ADMIN_TOKEN: '' })).toEqual({
    config: {
      host: '127.0.0.1',
      port: 4000,
      dataFolder: '.touchline',
      eventStore: 'sqlite:',
      keyStore: 'sqlite:',
      readStore: 'sqlite:',
      kafkaMode: 'structured',
      kafkaPrefix: 'touchline.',
      tokenStore: 'sqlite:',
      relayStore: 'sqlite:',
      timelineUrl: 'http://127.0.0.1:4000',
      keepGenerations: 1,
      logLevel: 'info',
      sample: true,
    },
    warnings: [],
  });
});

test('every variable is read', () => {
  const { config } = readConfig({
    TOUCHLINE_HOST: '0.0.0.0',
    TOUCHLINE_PORT: '80',
    TOUCHLINE_DATA: '/var/lib/touchline',
    TOUCHLINE_ADMIN_TOKEN: 'correct-horse-battery',
    TOUCHLINE_EVENT_STORE: 'sqlite:/fast/log',
    TOUCHLINE_KEY_STORE: 'postgresql://me:word@host:5433/keys?schema=ours',
    TOUCHLINE_READ_STORE: 'sqlite:/fast/read',
    TOUCHLINE_KAFKA: 'kafka://one:9092,two:9092',
    TOUCHLINE_KAFKA_MODE: 'binary',
    TOUCHLINE_KAFKA_PREFIX: 'acme.touchline.',
    TOUCHLINE_TOKEN_STORE: 'postgres://somebody@db/tokens',
    TOUCHLINE_RELAY_STORE: 'postgres://somebody@db/touchline',
    TOUCHLINE_TIMELINE_URL: 'http://timeline:4001',
    TOUCHLINE_LOG_LEVEL: 'warn',
    TOUCHLINE_SAMPLE: 'off',
  });
  expect(config).toEqual({
    host: '0.0.0.0',
    port: 80,
    dataFolder: '/var/lib/touchline',
    adminToken: 'correct-horse-battery',
    eventStore: 'sqlite:/fast/log',
    keyStore: 'postgresql://me:word@host:5433/keys?schema=ours',
    readStore: 'sqlite:/fast/read',
    kafka: 'kafka://one:9092,two:9092',
    kafkaMode: 'binary',
    kafkaPrefix: 'acme.touchline.',
    tokenStore: 'postgres://somebody@db/tokens',
    relayStore: 'postgres://somebody@db/touchline',
    timelineUrl: 'http://timeline:4001',
    keepGenerations: 1,
    logLevel: 'warn',
    sample: false,
  });
});

test.each([
  ['TOUCHLINE_PORT', '70000', 'must be a port number from 0 to 65535'],
  ['TOUCHLINE_PORT', '80a', 'must be a port number from 0 to 65535'],
  ['TOUCHLINE_ADMIN_TOKEN', 'two words', 'must be 1 to 512 visible ASCII characters without spaces'],
  [
    'TOUCHLINE_EVENT_STORE',
    'postgres://host/log',
    'must be sqlite:, sqlite:<folder>, or esdb://<user>:<password>@<host>:<port> (also esdb+discover, kurrentdb)',
  ],
  [
    'TOUCHLINE_KEY_STORE',
    'mysql://host/keys',
    'must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
  ],
  [
    'TOUCHLINE_READ_STORE',
    'postgres://host',
    'must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
  ],
  ['TOUCHLINE_KAFKA', 'localhost:9092', 'must be kafka://<host>:<port>, several separated by commas'],
  ['TOUCHLINE_KAFKA_MODE', 'batched', 'must be structured or binary'],
  ['TOUCHLINE_KAFKA_PREFIX', 'two words', 'must be 1 to 200 letters, digits, ., _ and -'],
  [
    'TOUCHLINE_TOKEN_STORE',
    'mysql://host/db',
    'must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
  ],
  [
    'TOUCHLINE_RELAY_STORE',
    'mysql://host/db',
    'must be sqlite:, sqlite:<folder>, or postgres://<user>:<password>@<host>/<database>',
  ],
  ['TOUCHLINE_LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
  ['TOUCHLINE_SAMPLE', 'yes', 'must be on or off'],
])('%s=%s is refused by name, without repeating the value', (variable, value, detail) => {
  const read = () => readConfig({ [variable]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(
    expect.objectContaining({ errors: [{ variable, detail }], message: `${variable} ${detail}` }),
  );
});

test.each([
  'sqlite:',
  'sqlite:/fast/log',
  'esdb://127.0.0.1:2113?tls=false',
  'esdb://admin:secret@one:2113,two:2113,three:2113',
  'esdb+discover://admin:secret@cluster.example:2113',
  'kurrentdb://host',
  'kurrentdb+discover://cluster.example',
])('the log may be at %s', (place) => {
  expect(readConfig({ TOUCHLINE_EVENT_STORE: place }).config.eventStore).toBe(place);
});

test('all that is wrong is told at once', () => {
  expect(() => readConfig({ TOUCHLINE_PORT: 'x', TOUCHLINE_SAMPLE: 'x' })).toThrow(
    'TOUCHLINE_PORT must be a port number from 0 to 65535; TOUCHLINE_SAMPLE must be on or off',
  );
});

test('a variable that nobody knows gives a warning', () => {
  const environment = { TOUCHLINE_PROT: '4000', TOUCHLINE_MASTER_KEY: 'x', TOUCHLINE_TEST_REQUIRE: 'docker' };
  expect(readConfig(environment, { also: ['TOUCHLINE_MASTER_KEY'] }).warnings).toEqual([
    'TOUCHLINE_PROT is not a variable Touchline knows',
  ]);
});

test('tokens left on the machine while keys are on a server give a warning', () => {
  const url = 'postgres://touchline:secret@db/touchline';
  const warningsOf = (environment: Record<string, string>) => readConfig(environment).warnings;
  expect(warningsOf({ TOUCHLINE_KEY_STORE: url })).toEqual([
    expect.stringContaining('TOUCHLINE_TOKEN_STORE is not'),
  ]);
  expect(warningsOf({ TOUCHLINE_KEY_STORE: url, TOUCHLINE_TOKEN_STORE: url })).toEqual([]);
  expect(warningsOf({ TOUCHLINE_READ_STORE: url })).toEqual([]);
});
