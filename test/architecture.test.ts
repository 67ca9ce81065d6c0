import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEPENDENCY_RULES } from './architecture/dependency-rules.ts';
import { HOUSE_RULES } from './architecture/house-rules.ts';
import { IMPORT_RULES } from './architecture/import-rules.ts';
import { type Repository, report } from './architecture/rule.ts';

const root = resolve(import.meta.dirname, '..');
const repository = readRepository();

test('the walk over the repository finds its source', () => {
  expect(repository.files.map((file) => file.path)).toContain('test/architecture.test.ts');
  expect(repository.files.filter((file) => file.path.startsWith('packages/')).length).toBeGreaterThan(20);
});

describe('the house is as architecture and style lay it out', () => {
  test.each([...IMPORT_RULES, ...HOUSE_RULES, ...DEPENDENCY_RULES].map((rule) => [rule.says, rule] as const))(
    '%s',
    (_, rule) => {
      const violations = rule.check(repository).map((violation) => report(rule, violation));
      expect(violations.join('\n')).toBe('');
    },
  );
});

function readRepository(): Repository {
  const folders = ['packages', 'services', 'infra', 'test'];
  const paths = [...folders.flatMap(walk), 'package.json', 'README.md', 'vitest.config.ts'];
  const present = paths.filter((path) => /\.(?:m?[jt]s|json|md)$/.test(path)).flatMap(read);
  return {
    topLevel: readdirSync(root),
    files: present,
    lock: JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Repository['lock'],
  };
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
    );
}

function read(path: string): Repository['files'] {
  try {
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  } catch (error) {
    // The root's README may not be written yet, and others may be at work on a file.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
