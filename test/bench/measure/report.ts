import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** What a bench answers: lines for people, figures for machines, and the goal it is held against. */
export interface Finding {
  readonly bench: string;
  readonly figures: Readonly<Record<string, number | string>>;
  /** The figure the goal speaks of. */
  readonly result: string;
  readonly goal: string;
  readonly met: boolean;
}

export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} cores (${cpu?.model.trim()}), ${memory} GiB, ${process.platform} ${process.arch}`;
}

export function versions(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'),
  ) as {
    packages: Record<string, { version?: string }>;
  };
  const version = (name: string): string => `${name} ${manifest.packages[`node_modules/${name}`]?.version}`;
  const names = ['fastify', 'better-sqlite3', 'sodium-native', 'zod', 'autocannon'];
  return [`node ${process.versions.node}`, ...names.map(version), `commit ${commit()}`].join(', ');
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
