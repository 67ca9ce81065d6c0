import { EventStoreError } from '../errors.ts';

/** Where a server is and how to speak to it, as far as the client knows the settings. */
export interface Connection {
  readonly hosts: readonly Host[];
  /** The first host names a cluster in DNS rather than a node. */
  readonly isDiscovered: boolean;
  readonly isInsecure: boolean;
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Texts, flags and numbers by their name in the client's settings. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** Paths of files in PEM. */
  readonly files: Readonly<Partial<Record<CertificateFile, string>>>;
}

export interface Host {
  readonly address: string;
  readonly port: number;
}

export type CertificateFile = (typeof FILES)[number];

const SCHEME = /^(?:esdb|kurrentdb|kurrent)(\+discover)?:\/\//;
const DEFAULT_PORT = 2113;
const FILES = ['tlsCAFile', 'userCertFile', 'userKeyFile'] as const;
const NUMBERS = [
  'maxDiscoverAttempts',
  'discoveryInterval',
  'gossipTimeout',
  'keepAliveInterval',
  'keepAliveTimeout',
];

/**
 * Reads `esdb://<user>:<password>@<host>:<port>,...?tls=...`, or the same with `esdb+discover`, or with `kurrentdb`
 * or `kurrent` for `esdb`. The client has a parser of its own, whose errors and warnings repeat the password. Throws
 * `event-store-invalid-argument` with what is wrong, never with a part of the text.
 */
export function parseConnectionString(text: string): Connection {
  const scheme = SCHEME.exec(text) ?? refuse('must begin with esdb://, esdb+discover:// or kurrentdb://');
  const [place = '', query = '', ...more] = text.slice(scheme[0].length).split('?');
  if (more.length > 0) refuse('holds more than one "?" (in a password it is written %3F)');
  const parts = place.replace(/\/+$/, '').split('@');
  if (parts.length > 2) refuse('holds more than one "@" (in a password it is written %40)');
  const [hosts = '', userInfo] = parts.toReversed();
  return {
    hosts: hosts.split(',').map(toHost),
    isDiscovered: scheme[1] !== undefined,
    ...(userInfo === undefined ? {} : { credentials: toCredentials(userInfo) }),
    ...toSettings(new URLSearchParams(query)),
  };
}

function toHost(text: string): Host {
  const [, address = '', port] =
    /^([\w.-]+|\[[\da-fA-F:.]+\])(?::(\d{1,5}))?$/.exec(text) ?? refuse('has a host that is none');
  return { address, port: port === undefined ? DEFAULT_PORT : Number(port) };
}

function toCredentials(text: string): { readonly username: string; readonly password: string } {
  const [username, password, ...more] = text.split(':');
  if (!username || !password || more.length > 0) refuse('needs <user>:<password> before "@"');
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return refuse('has a "%" in its user or password that is not written %25');
  }
}

function toSettings(query: URLSearchParams): Pick<Connection, 'isInsecure' | 'settings' | 'files'> {
  const settings: Record<string, string | number> = {};
  const files: Partial<Record<CertificateFile, string>> = {};
  let isInsecure = false;
  for (const [name, value] of query) {
    const file = FILES.find((one) => isSame(one, name));
    const number = NUMBERS.find((one) => isSame(one, name));
    if (isSame('tls', name)) isInsecure = !toFlag(name, value);
    else if (file !== undefined) files[file] = value;
    else if (number !== undefined) settings[number] = toNumber(number, value);
    else if (isSame('connectionName', name)) settings.connectionName = value;
    else if (isSame('nodePreference', name)) toLeader(value);
    else if (isSame('tlsVerifyCert', name)) toVerified(value);
    else refuse('has a setting that is not known');
  }
  if ((files.userCertFile === undefined) !== (files.userKeyFile === undefined))
    refuse('needs userCertFile and userKeyFile together');
  return { isInsecure, settings, files };
}

function isSame(name: string, given: string): boolean {
  return given.toLowerCase().replaceAll(/[_-]/g, '') === name.toLowerCase();
}

function toFlag(name: string, value: string): boolean {
  return value === 'true' || (value === 'false' ? false : refuse(`needs ${name} to be true or false`));
}

function toNumber(name: string, value: string): number {
  return /^\d{1,9}$/.test(value) ? Number(value) : refuse(`needs ${name} to be a number`);
}

/** A follower may lag behind a receipt; see `LogServer`. */
function toLeader(value: string): void {
  if (value.toLowerCase() !== 'leader') refuse('can only prefer the leader: nodePreference=leader');
}

function toVerified(value: string): void {
  if (value !== 'true')
    refuse('cannot switch the check of certificates off: name the authority with tlsCAFile');
}

function refuse(what: string): never {
  throw new EventStoreError('event-store-invalid-argument', `the address of the event store ${what}`);
}
