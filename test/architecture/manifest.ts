import type { Repository } from './rule.ts';

export interface Manifest {
  readonly name: string;
  readonly exports?: string | Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
  readonly manifest: Manifest;
}

/** The packages and services, by their package.json. */
export function packagesOf({ files }: Repository): readonly Workspace[] {
  return files.flatMap(({ path, text }) => {
    const folder = /^((?:packages|services)\/[^/]+)\/package\.json$/.exec(path)?.[1];
    return folder === undefined ? [] : [{ folder, path, text, manifest: JSON.parse(text) as Manifest }];
  });
}

export function rootManifest({ files }: Repository): Manifest {
  return JSON.parse(files.find(({ path }) => path === 'package.json')?.text ?? '{}') as Manifest;
}

export function namesIn(...groups: (Readonly<Record<string, string>> | undefined)[]): readonly string[] {
  return groups.flatMap((group) => Object.keys(group ?? {}));
}
