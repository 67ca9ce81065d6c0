import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A small heap and the fast compiler alone: up within seconds, and good for some ten thousand messages a second. */
const MACHINE = [
  '-Xms64m',
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.awt.headless=true',
];
const LOG_SETTINGS = fileURLToPath(new URL('./log4j2.properties', import.meta.url));

export interface JavaProgram {
  readonly jars: string;
  readonly main: string;
  readonly args: readonly string[];
  /** Where its log lies. */
  readonly logs: string;
}

/** The command that runs a program of the jars. */
export function javaCommand({ jars, main, args, logs }: JavaProgram): readonly [string, readonly string[]] {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const logging = [`-Dlog4j2.configurationFile=${LOG_SETTINGS}`, `-Dkafka.logs.dir=${logs}`];
  return [java, [...MACHINE, ...logging, '-cp', join(jars, '*'), main, ...args]];
}

/** Runs a program to its end. Throws with what it said last when it fails. */
export async function runJava(program: JavaProgram): Promise<void> {
  const child = spawn(...mutable(javaCommand(program)), { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaints = text(child.stderr);
  const [code] = await once(child, 'close').catch((failure: unknown) => {
    throw javaMissing(failure);
  });
  if (code !== 0) throw new Error(`${program.main} failed: ${lastLines(await complaints)}`);
}

/** What went wrong when Java could not be started at all. */
export function javaMissing(failure: unknown): Error {
  const isMissing = failure instanceof Error && 'code' in failure && failure.code === 'ENOENT';
  const reason = 'it takes Java 17 or later, and there is no java on the PATH nor in JAVA_HOME';
  return isMissing ? new Error(reason, { cause: failure }) : new Error('Java failed', { cause: failure });
}

export function lastLines(said: string): string {
  return said.trim().split('\n').slice(-5).join(' ').slice(-1_000);
}

function mutable([command, args]: readonly [string, readonly string[]]): [string, string[]] {
  return [command, [...args]];
}
