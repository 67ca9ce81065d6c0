import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { EventStoreError } from '../errors.ts';
import type { Connection } from './connection-string.ts';

/** How long streams may take to end when the client is closed. */
const MAX_CLOSE_MS = 5_000;

/**
 * The client, without what makes it unfit to run for months (version 6.2.1):
 *
 * - Appends share one call, which has no deadline. When it breaks, all of a process fail, those of other clients too,
 *   and some are rejected where nobody can catch it, which ends the process. Said not to be supported by the server,
 *   each append is a call of its own, with a deadline that the server knows. What the server supports is then not
 *   asked either: an answer that failed once, in discovery say, would be kept for ever.
 * - After an error the client looks for another node in the background, where a failure ends the process too.
 */
export class SturdyClient extends EventStoreDBClient {
  #channel: ReturnType<SturdyClient['getChannel']> | undefined;

  constructor(...settings: ClientSettings) {
    super(...settings);
    const { getChannel, handleError } = this;
    this.supports = async () => false;
    this.handleError = (client, error) => handleError(client, error).catch(() => {});
    this.getChannel = () => {
      this.#channel = getChannel();
      return this.#channel;
    };
  }

  /** Ends every stream and the connection; a connection that is still looking for a server ends when it has found one. */
  async close(): Promise<void> {
    const end = (channel: { close(): void }) => channel.close();
    void this.#channel?.then(end, () => {});
    await Promise.race([this.dispose(), delay(MAX_CLOSE_MS, undefined, { ref: false })]);
  }
}

type ClientSettings = ConstructorParameters<typeof EventStoreDBClient>;

/** Connects to nobody yet. Throws `event-store-invalid-argument` for certificates that cannot be read. */
export function createClient(connection: Connection): SturdyClient {
  const { hosts, isDiscovered, settings, credentials } = connection;
  const [first, ...more] = hosts;
  const place = isDiscovered
    ? { discover: first }
    : more.length > 0
      ? { endpoints: hosts }
      : { endpoint: first };
  return new SturdyClient(
    { ...settings, ...place } as ClientSettings[0],
    { insecure: connection.isInsecure, ...certificates(connection) },
    ...(credentials === undefined ? [] : [credentials]),
  );
}

function certificates({ files, isInsecure }: Connection): ClientSettings[1] {
  if (isInsecure) return {};
  const read = (file: string | undefined) => (file === undefined ? undefined : readPem(file));
  const [rootCertificate, userCertFile, userKeyFile] = [
    read(files.tlsCAFile),
    read(files.userCertFile),
    read(files.userKeyFile),
  ];
  return {
    ...(rootCertificate === undefined ? {} : { rootCertificate }),
    ...(userCertFile === undefined ? {} : { userCertFile }),
    ...(userKeyFile === undefined ? {} : { userKeyFile }),
  };
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new EventStoreError('event-store-invalid-argument', `the certificate ${file} cannot be read`, {
      cause,
    });
  }
}
