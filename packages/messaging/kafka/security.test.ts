import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, describe, expect, test } from 'vitest';
import { uniqueName } from '../../../test/support/kafka.ts';
import { numbered } from '../contract/broker-under-test.ts';
import { Reader } from '../contract/reader.ts';
import { openKafka } from './index.ts';
import { GUEST, openSecureBroker, PASSWORD, type SecureBroker, USER } from './testing/secure-broker.ts';

const MAX_TEST_MS = 60_000;

const broker = await openSecureBroker();
if ('missing' in broker) test.skip(`Kafka with TLS and passwords: ${broker.missing}`, () => {});
else declare(broker);

function declare({ address, certificate, close }: SecureBroker): void {
  const said: string[] = [];
  const remember = (fields: object): void => void said.push(JSON.stringify(fields));
  const open = (login: string, settings = '') =>
    openKafka({
      url: `kafka://${login}@${address}${settings}`,
      clientId: 'security',
      logger: { warn: remember, error: remember },
      limits: { maxAdminMs: 5_000 },
    });
  const login = `${USER}:${encodeURIComponent(PASSWORD)}`;
  const authorities = getCACertificates();
  const trust = (): void => setDefaultCACertificates([...authorities, certificate]);
  afterAll(async () => {
    setDefaultCACertificates(authorities);
    await close();
  });

  describe('a broker that takes TLS and a password', { timeout: MAX_TEST_MS }, () => {
    test('is not trusted when nobody vouches for it', async () => {
      setDefaultCACertificates(authorities);
      const messaging = open(login);
      await expect(messaging.check()).rejects.toMatchObject({ code: 'messaging-unavailable' });
      await messaging.close();
      expect(said.join('\n')).toMatch(/self-signed certificate/);
    });

    test.for(['', '?sasl=plain'])('is published to and read, settings "%s"', async (settings) => {
      trust();
      const messaging = open(login, settings);
      const topic = uniqueName('topic');
      await messaging.ensureTopics([{ topic, partitions: 1, retention: 'for-ever' }]);
      await messaging.publish(topic, numbered(3, 1));
      const reader = new Reader();
      const group = uniqueName('group');
      await messaging.consume({ topic, group, from: 'earliest', handle: reader.handle });
      expect(await reader.first(3)).toHaveLength(3);
      await messaging.close();
    });

    test.for(['', '?sasl=plain'])(
      'refuses a wrong password, which nobody repeats, settings "%s"',
      async (settings) => {
        trust();
        const messaging = open(`${USER}:hunter2`, settings);
        const refused = { code: 'messaging-refused', isRetryable: false };
        const failure: unknown = await messaging.check().catch((error: unknown) => error);
        expect(failure).toMatchObject(refused);
        await expect(messaging.publish('t', numbered(1, 1))).rejects.toMatchObject(refused);
        await messaging.close();
        expect(`${failure} ${said.join('\n')}`).not.toMatch(/hunter2|sesame/);
      },
    );

    test('tells a user without rights what to create, and that it may not read', async () => {
      trust();
      const topic = uniqueName('topic');
      const need = { topic, partitions: 3, retention: 'for-ever' } as const;
      const guest = open(GUEST, '?sasl=plain');
      await expect(guest.ensureTopics([need])).rejects.toMatchObject({
        code: 'topic-missing',
        message: expect.stringContaining(
          `--create --topic ${topic} --partitions 3 --config cleanup.policy=delete`,
        ),
      });
      const owner = open(login);
      await owner.ensureTopics([need]);
      await expect(guest.publish(topic, numbered(1, 1))).rejects.toMatchObject({ code: 'topic-missing' });
      const { handle, failures, onFailure } = new Reader();
      await guest.consume({ topic, group: uniqueName('group'), from: 'earliest', handle, onFailure });
      expect(failures[0]).toMatchObject({ code: 'messaging-refused' });
      await Promise.all([guest.close(), owner.close()]);
    });
  });
}
