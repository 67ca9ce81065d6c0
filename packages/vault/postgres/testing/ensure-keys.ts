import { openPostgresKeyRing } from '../index.ts';

/** A process of its own for tests: ensures keys, prints them as one line of JSON and waits to be ended. */
const [url = '', masterKey = '', count = '0'] = process.argv.slice(2);
const ring = await openPostgresKeyRing({ url, masterKey: Buffer.from(masterKey, 'hex') });
const subjects = Array.from({ length: Number(count) }, (_, index) => `subject-${index}`);
const keys: [string, string, string][] = [];
for (const subject of subjects) {
  for (const { id, secret } of (await ring.ensure([subject])).values()) {
    keys.push([subject, id, secret.toString('hex')]);
  }
}
process.stdout.write(`${JSON.stringify(keys)}\n`);
process.stdin.resume();
