import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeyFolder, MASTER_KEY } from './testing/key-folder.ts';

const SCRIPT = fileURLToPath(new URL('./testing/ensure-keys.ts', import.meta.url));
type PrintedKey = [subject: string, id: string, secret: string];

describe('SQLite key ring in several processes', () => {
  let folder: KeyFolder;
  let children: ChildProcess[];

  beforeEach(async () => {
    folder = await KeyFolder.create();
    children = [];
  });

  afterEach(async () => {
    await Promise.all(children.map(end));
    await folder.dispose();
  });

  it('gives three processes that start at once on no file the same keys', async () => {
    const answers = await Promise.all([ensureKeys(30), ensureKeys(30), ensureKeys(30)]);
    expect(answers[0]).toHaveLength(30);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  }, 30_000);

  it('keeps every key it answered when its process is killed', async () => {
    const printed = await ensureKeys(20);
    await Promise.all(children.map(end));
    const found = await (await folder.open()).find(printed.map(([, id]) => id));
    expect(
      [...found.values()].map(({ subject, id, secret }) => [subject, id, secret.toString('hex')]),
    ).toEqual(printed);
  }, 30_000);

  async function ensureKeys(count: number): Promise<PrintedKey[]> {
    const child = spawn(process.execPath, [SCRIPT, folder.file, MASTER_KEY.toString('hex'), String(count)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    let text = '';
    for await (const chunk of child.stdout) {
      text += chunk;
      if (text.endsWith('\n')) break;
    }
    return JSON.parse(text);
  }
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
