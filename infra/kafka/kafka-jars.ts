import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const FETCH = fileURLToPath(new URL('./fetch-jars.mjs', import.meta.url));

/** The folder with the jars of the pinned broker; they are fetched when they are not there. Throws with the reason. */
export async function kafkaJars(): Promise<string> {
  const child = spawn(process.execPath, [FETCH], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0)
    throw new Error(
      complained
        .trim()
        .split('\n')
        .at(-1)
        ?.replace(/^touchline: /, ''),
    );
  return said.trim();
}
