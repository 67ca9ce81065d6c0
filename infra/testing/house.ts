import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Read by `startProcess`, which keeps it out of the configuration. */
const READ_ELSEWHERE = ['TOUCHLINE_MASTER_KEY'];

export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Services that run one process each; `standalone` is the other shape. */
export function deployableServices(): readonly string[] {
  return readdirSync(join(ROOT, 'services')).filter((name) => name !== 'standalone');
}

/** Whether a service reads a variable. A misspelt one would only be warned of, in a log. */
export function isKnownSetting(name: string): boolean {
  return (
    READ_ELSEWHERE.includes(name) || new RegExp(`\\b${name}\\b`).test(read('packages/service-kit/config.ts'))
  );
}

/** An image by name and exact version; `latest`, `18` and `v3` are none. */
export const PINNED_IMAGE = /^[a-z0-9/-]+:v?\d+\.\d+(?:\.\d+)?(?:-[a-z0-9.]+)?$/;
