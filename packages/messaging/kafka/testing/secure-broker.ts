import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../../infra/kafka/free-port.ts';
import { KafkaBroker } from '../../../../infra/kafka/kafka-broker.ts';
import { type Missing, openBackingService } from '../../../../test/support/backing-services.ts';

export const USER = 'touchline';
/** With every character that has a meaning in an address. */
export const PASSWORD = 'open:sesame/1@x?';

/** May connect, and do nothing. */
export const GUEST = 'guest:guest';

/** A broker that takes TLS and a password, and nothing else. */
export interface SecureBroker {
  readonly address: string;
  /** Of the authority that vouches for it. */
  readonly certificate: string;
  close(): Promise<void>;
}

export function openSecureBroker(): Promise<SecureBroker | Missing> {
  return openBackingService({ name: 'kafka', title: 'Kafka with TLS', ways: [start] });
}

async function start(): Promise<SecureBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-tls-'));
  const { keyStore, certificate } = makeCertificate(folder);
  const port = await freePort();
  const broker = await KafkaBroker.start({
    port,
    settings: await settings(port, keyStore),
    format: ['--add-scram', `SCRAM-SHA-512=[name=${USER},password=${PASSWORD}]`],
  });
  const close = async (): Promise<void> => {
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { address: broker.address, certificate, close };
}

async function settings(port: number, keyStore: string): Promise<Readonly<Record<string, string>>> {
  const login = 'org.apache.kafka.common.security';
  const controller = await freePort();
  const listeners = [`SECURE://127.0.0.1:${port}`, `INTERNAL://127.0.0.1:${await freePort()}`];
  return {
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(','),
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map': 'SECURE:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'INTERNAL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
    'listener.name.secure.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${USER}="${PASSWORD}" user_guest="guest";`,
    'listener.name.secure.scram-sha-512.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Whoever comes through another listener has no name.
    'super.users': `User:${USER};User:ANONYMOUS`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyStore,
  };
}

function makeCertificate(folder: string) {
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const output = ['-keyout', key, '-out', certificate, '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...output], {
    stdio: 'ignore',
  });
  const keyStore = join(folder, 'broker.pem');
  writeFileSync(keyStore, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  return { keyStore, certificate: readFileSync(certificate, 'utf8') };
}
