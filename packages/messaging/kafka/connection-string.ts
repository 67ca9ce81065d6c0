import { z } from 'zod';
import { MessagingError } from '../errors.ts';

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface KafkaAddress {
  /** `host:port`, any of which leads to the others. */
  readonly brokers: readonly string[];
  readonly isTls: boolean;
  /** Of what we send. */
  readonly compression: 'none' | 'gzip';
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
}

const DEFAULT_PORT = 9092;
const SHAPE = /^kafka:\/\/(?:(?<login>[^@/?#]*)@)?(?<hosts>[^@/?#]+)\/?(?:\?(?<query>[^#]*))?$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const Settings = z.strictObject({
  tls: z.enum(['on', 'off']).optional(),
  sasl: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
  compression: z.enum(['none', 'gzip']).default('none'),
});

/**
 * Reads `kafka://[user:password@]host[:port],...[?tls=on|off&sasl=plain|scram-sha-256|scram-sha-512&compression=none|gzip]`.
 * With a user, TLS is on and the mechanism `scram-sha-512` unless it says otherwise. Throws `messaging-refused`; no message
 * repeats what was given, since a password may be in it.
 */
export function parseKafkaUrl(url: string): KafkaAddress {
  const { login, hosts = '', query = '' } = SHAPE.exec(url)?.groups ?? {};
  const brokers = hosts.split(',').map(withPort);
  if (hosts === '') throw refused('it is not of the form kafka://host:port,host:port');
  const settings = Settings.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (!settings.success)
    throw refused('it knows tls=on|off, sasl=plain|scram-sha-256|scram-sha-512 and compression=none|gzip');
  const { tls, sasl, compression } = settings.data;
  if (login === undefined) {
    if (sasl !== undefined) throw refused('it names a sasl mechanism and no user');
    return { brokers, isTls: tls === 'on', compression };
  }
  return {
    brokers,
    isTls: tls !== 'off',
    compression,
    sasl: { mechanism: sasl ?? 'scram-sha-512', ...readLogin(login) },
  };
}

function withPort(host: string): string {
  if (!HOST.test(host)) throw refused('it is not of the form kafka://host:port,host:port');
  return /:\d+$/.test(host) && !host.endsWith(']') ? host : `${host}:${DEFAULT_PORT}`;
}

function readLogin(login: string): { readonly username: string; readonly password: string } {
  const colon = login.indexOf(':');
  if (colon < 1 || colon === login.length - 1) throw refused('a user needs a name and a password');
  try {
    return {
      username: decodeURIComponent(login.slice(0, colon)),
      password: decodeURIComponent(login.slice(colon + 1)),
    };
  } catch {
    // The cause would quote what it could not read.
    throw refused('user and password have to be percent-encoded');
  }
}

function refused(why: string): MessagingError {
  return new MessagingError('messaging-refused', `the address of Kafka cannot be used: ${why}`);
}
