import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { isRequired } from '../../../../test/support/backing-services.ts';

const MAX_RUN_MS = 60_000;

/** As `kcat -J` prints it. */
export interface KcatMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string | null;
  /** Names and contents in turn. */
  readonly headers?: readonly string[];
}

/** Why `kcat` cannot be used, or nothing. Throws it when a run requires `kcat`. */
export function kcatGap(): string | undefined {
  if (spawnSync('kcat', ['-V']).status === 0) return undefined;
  const gap = 'there is no kcat on the PATH (on Debian: apt-get install kcat)';
  if (isRequired('kcat')) throw new Error(gap);
  return gap;
}

/** The command-line client of librdkafka, which half the world's consumers and producers are built on. */
export class Kcat {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  /** Everything in the topic. */
  async read(topic: string): Promise<readonly KcatMessage[]> {
    const said = await this.#run(['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J']);
    return said
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as KcatMessage);
  }

  /** Lines of the form `key<TAB>value`; an empty value is a tombstone. */
  async write(topic: string, lines: readonly string[], options: readonly string[] = []): Promise<void> {
    const format = ['-P', '-t', topic, '-K', '\t', '-Z', '-X', 'partitioner=murmur2_random'];
    await this.#run([...format, ...options], `${lines.join('\n')}\n`);
  }

  async #run(args: readonly string[], input = ''): Promise<string> {
    const child = spawn('kcat', ['-b', this.#address, ...args], { timeout: MAX_RUN_MS });
    child.stdin.end(input);
    const [said, complained, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    if (code !== 0) throw new Error(`kcat ended with ${code}: ${complained}`);
    return said;
  }
}
