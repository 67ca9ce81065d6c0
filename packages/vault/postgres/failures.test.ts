import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { DatabaseError } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onPostgres } from '../../../test/support/on-postgres.ts';
import { vaultErrorOf } from './postgres-failure.ts';
import { KeyDatabase, MASTER_KEY } from './testing/key-databases.ts';

const SCRIPT = fileURLToPath(new URL('./testing/ensure-keys.ts', import.meta.url));
type PrintedKey = [subject: string, id: string, secret: string];

await onPostgres('failures of PostgreSQL under a key ring', (postgres) => {
  const { server } = postgres;
  let database: KeyDatabase;
  let children: ChildProcess[];
  beforeEach(() => {
    database = new KeyDatabase(postgres);
    children = [];
  });
  afterEach(async () => {
    await Promise.all(children.map(end));
    await database.dispose();
  });

  const ensureKeys = async (count: number): Promise<PrintedKey[]> => {
    const args = [SCRIPT, database.url, MASTER_KEY.toString('hex'), String(count)];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.endsWith('\n')) break;
    }
    return JSON.parse(text);
  };

  describe('a key ring on PostgreSQL', { timeout: 90_000 }, () => {
    it('gives three processes that start at once on no keys the same ones', async () => {
      const answers = await Promise.all([ensureKeys(30), ensureKeys(30), ensureKeys(30)]);
      expect(answers[0]).toHaveLength(30);
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    });

    it('keeps every key it answered when its process is killed', async () => {
      const printed = await ensureKeys(20);
      await Promise.all(children.map(end));
      const found = await (await database.open()).find(printed.map(([, id]) => id));
      expect(
        [...found.values()].map(({ subject, id, secret }) => [subject, id, secret.toString('hex')]).sort(),
      ).toEqual([...printed].sort());
    });

    it('does not notice that its idle connections were ended', async () => {
      const ring = await database.open();
      await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((subject) => ring.ensure([subject])));
      for (const work of [() => ring.ensure(['a', 'new']), () => ring.shred('a'), () => ring.find([])]) {
        expect(await database.terminate()).toBeGreaterThan(0);
        await work();
      }
      await expect(ring.shred('a')).resolves.toBe(0);
    });

    it.skipIf(server === undefined)(
      'fails in a way that may be tried again while the server is away, and goes on with the same keys when it is back',
      async () => {
        const ring = await database.open();
        const keys = await ring.ensure(['a', 'b']);
        const id = keys.get('a')?.id ?? '';
        for (const how of ['fast', 'crash'] as const) {
          await server?.stop(how);
          const away = { code: 'vault-unavailable', isRetryable: true };
          // Also what is in memory: while nobody can say what was shredded, nothing is answered.
          await expect(ring.find([id])).rejects.toMatchObject(away);
          await expect(ring.ensure(['a'])).rejects.toMatchObject(away);
          await expect(ring.shred('a')).rejects.toMatchObject(away);
          await server?.start();
          expect(await ring.ensure(['a', 'b'])).toEqual(keys);
        }
      },
    );

    it('that is cut off in the middle of everything answers the same keys or fails in a way that may be tried again', async () => {
      const rings = await Promise.all([database.open(), database.open()]);
      const known = new Map<string, string>();
      let isOver = false;
      const work = async (index: number): Promise<void> => {
        for (let round = 0; !isOver; round++) {
          const subjects = Array.from({ length: 20 }, (_, at) => `subject-${round * 10 + at}`);
          const keys = await rings[index % 2]?.ensure(subjects).catch((failure: unknown) => {
            expect(failure).toMatchObject({ name: 'VaultError', isRetryable: true });
            return undefined;
          });
          for (const [subject, { id }] of keys ?? []) {
            expect(known.get(subject) ?? id).toBe(id);
            known.set(subject, id);
          }
        }
      };
      const working = Promise.all(Array.from({ length: 4 }, (_, index) => work(index)));
      for (let cut = 0; cut < 20; cut++) {
        const before = known.size;
        await database.terminate();
        while (known.size === before) await new Promise((resolve) => setImmediate(resolve));
      }
      isOver = true;
      await working;
      expect((await (await database.open()).find([...known.values()])).size).toBe(known.size);
    });

    it('names the place but neither user nor password when it cannot connect', async () => {
      const failure = database.open({ url: 'postgres://somebody:hidden@127.0.0.1:1/keys' });
      await expect(failure).rejects.toMatchObject({
        code: 'vault-unavailable',
        message: expect.stringMatching(/^(?!.*(somebody|hidden)).*127\.0\.0\.1:1\/keys.*ECONNREFUSED/),
      });
    });
  });
});

describe('a failure of PostgreSQL becomes a VaultError', () => {
  const failure = (code: string, detail?: string): DatabaseError => {
    const made = new DatabaseError('a value is told here: 42', 0, 'error');
    return Object.assign(made, { code, detail });
  };

  it.each([
    ['53100', 'vault-full', true],
    ['53300', 'vault-busy', true],
    ['40P01', 'vault-busy', true],
    ['55P03', 'vault-busy', true],
    ['57P01', 'vault-unavailable', true],
    ['25006', 'vault-unavailable', true],
    ['28P01', 'vault-unavailable', true],
    ['42501', 'vault-read-only', false],
    ['42P01', 'vault-corrupt', false],
    ['XX001', 'vault-corrupt', false],
    ['22021', 'vault-invalid-argument', false],
    ['ZZ000', 'vault-unavailable', true],
  ])('%s as %s', (state, code, isRetryable) => {
    expect(vaultErrorOf(failure(state), 'here')).toMatchObject({ code, isRetryable });
  });

  it('that passes on neither a value nor a row', () => {
    const error = vaultErrorOf(failure('23505', 'Key (subject)=(secret) exists'), 'here');
    expect(error.message).not.toMatch(/42:|told|secret/);
    expect(error.cause).toBeUndefined();
  });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
