import { describe, expect, test } from 'vitest';
import { DEPENDENCY_RULES } from './architecture/dependency-rules.ts';
import { HOUSE_RULES } from './architecture/house-rules.ts';
import { IMPORT_RULES } from './architecture/import-rules.ts';
import { type Repository, report } from './architecture/rule.ts';
import { codeOf, importsOf } from './architecture/source.ts';

type Files = Readonly<Record<string, string>>;
const RULES = [...IMPORT_RULES, ...HOUSE_RULES, ...DEPENDENCY_RULES];

describe('a forbidden import is found, with file and line', () => {
  test.each<[string, Files, string]>([
    [
      'a service that imports another',
      {
        'services/timeline/routes.ts':
          "import { z } from 'zod';\n\nimport { intake } from '@touchline/intake';\n",
      },
      'services/timeline/routes.ts:3 imports the service @touchline/intake',
    ],
    [
      'a package that imports a service',
      { 'packages/cli/main.ts': "export * from '@touchline/intake';" },
      'packages/cli/main.ts:1 imports the service @touchline/intake',
    ],
    [
      'a path into another package',
      { 'services/timeline/routes.ts': "import { x } from '../../packages/journal/sealing.ts';" },
      'services/timeline/routes.ts:1 imports packages/journal/sealing.ts by its path',
    ],
    [
      'a store that knows the language, if only its types',
      { 'packages/event-store/log.ts': "import type {\n  Touchpoint,\n} from '@touchline/touchpoints';" },
      'packages/event-store/log.ts:3 imports @touchline/touchpoints',
    ],
    [
      'a store of tokens that knows it',
      { 'packages/access/token.ts': "import { catalogue } from '@touchline/touchpoints';" },
      'packages/access/token.ts:1 imports @touchline/touchpoints',
    ],
    [
      'an adapter outside a main.ts or compose.ts',
      { 'services/timeline/routes.ts': "const { open } = await import('@touchline/vault/sqlite');" },
      'services/timeline/routes.ts:1 imports the adapter @touchline/vault/sqlite',
    ],
    [
      'an index that exports its own adapter',
      { 'packages/vault/index.ts': "export { open } from './sqlite/index.ts';" },
      'packages/vault/index.ts:1 imports the adapter ./sqlite/index.ts',
    ],
    [
      'a client library outside its adapter',
      { 'packages/event-store/event-store.ts': "import type Database from 'better-sqlite3';" },
      'packages/event-store/event-store.ts:1 imports better-sqlite3',
    ],
    [
      'a test tool in code that runs',
      { 'packages/journal/journal.ts': "import { fixedClock } from '@touchline/testing';" },
      'packages/journal/journal.ts:1 imports @touchline/testing',
    ],
    [
      'a random source in the language',
      { 'packages/touchpoints/event-id.ts': "import { createHash, randomUUID } from 'node:crypto';" },
      'packages/touchpoints/event-id.ts:1 imports node:crypto',
    ],
    [
      'a logger in the rules of who is who',
      { 'packages/identity/merge.ts': "import pino from 'pino';" },
      'packages/identity/merge.ts:1 imports pino',
    ],
  ])('%s', (_, files, expected) => expect(violations(files)).toContain(expected));
});

describe('a forbidden word is found, with file and line', () => {
  test.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env',
    'performance.now()',
    'crypto.randomUUID()',
    'setTimeout(f)',
    'console.log(1)',
  ])('%s', (code) => {
    const found = violations({ 'packages/identity/link.ts': `// why\nconst a = \`\${${code}}\`;\n` });
    expect(found.filter((line) => line.startsWith('packages/identity/link.ts:2 uses '))).toHaveLength(1);
  });
});

describe('a crooked wall of the house is found', () => {
  const manifest = (dependencies: Readonly<Record<string, string>>) =>
    JSON.stringify({ name: '@touchline/vault', exports: { '.': './index.ts' }, dependencies }, null, 2);

  test.each<[string, Files, string]>([
    ['a long file', { 'services/desk/a.ts': '\n'.repeat(301) }, 'services/desk/a.ts:301 has 301 lines'],
    [
      'an empty name',
      { 'packages/vault/utils.ts': '' },
      'packages/vault/utils.ts:1 has a name that says nothing',
    ],
    [
      'a missing README',
      { 'packages/vault/package.json': manifest({}) },
      'packages/vault/README.md:1 is missing',
    ],
    [
      'a missing index',
      { 'packages/vault/package.json': manifest({}) },
      'packages/vault/index.ts:1 is missing',
    ],
    [
      'a long README',
      { 'packages/vault/package.json': manifest({}), 'packages/vault/README.md': 'line\n'.repeat(41) },
      'packages/vault/README.md:41 has 41 lines',
    ],
    [
      'a package that exports no index',
      { 'packages/vault/package.json': '{"name":"@touchline/vault","exports":"./vault.ts"}' },
      'packages/vault/package.json:1 does not export ./index.ts as "."',
    ],
    [
      'an import that is not declared',
      {
        'packages/vault/package.json': manifest({}),
        'packages/vault/seal.ts': "\nimport { z } from 'zod/mini';",
      },
      'packages/vault/seal.ts:2 imports zod, which packages/vault/package.json does not declare',
    ],
    [
      'a dependency that is not used',
      { 'packages/vault/package.json': manifest({ zod: '4' }), 'packages/vault/seal.ts': "// from 'zod'" },
      'packages/vault/package.json:7 declares zod, which nothing in packages/vault imports',
    ],
    [
      'a dependency without a reason',
      { 'packages/vault/package.json': manifest({ zod: '4' }), 'README.md': 'It uses `zod`.\n' },
      'README.md:1 has no line for the dependency zod',
    ],
  ])('%s', (_, files, expected) => expect(violations(files)).toContain(expected));

  test('a stranger at the top level', () => {
    expect(violations({}, { topLevel: ['packages', '.ci', 'NOTES.md'] })).toEqual([
      'NOTES.md:1 does not belong at the top level',
    ]);
  });

  test('a registry address in the lock file', () => {
    const packages = {
      'node_modules/zod': { resolved: 'https://registry.example/zod.tgz' },
      'node_modules/@touchline/cli': { resolved: 'packages/cli' },
    };
    expect(violations({}, { lock: { packages } })).toEqual([
      'package-lock.json:1 node_modules/zod is resolved to an address',
    ]);
  });
});

test('what is allowed raises nothing', () => {
  const files: Files = {
    'services/standalone/compose.ts':
      "import { open } from '@touchline/vault/sqlite';\nimport '@touchline/intake';",
    'packages/vault/sqlite/ring.ts':
      "import Database from 'better-sqlite3';\nimport type { KeyRing } from '../key-ring.ts';",
    'packages/vault/sqlite/ring.test.ts':
      "import { openKeyRing } from '@touchline/vault/sqlite';\nimport { test } from 'vitest';",
    'packages/touchpoints/event-id.ts':
      "import { createHash } from 'node:crypto';\nconst at = new Date(Date.parse(text));",
    'packages/touchpoints/time.ts':
      "// not Date.now()\nconst text = 'Math.random() and process.env';\nconst quote = /['\"]/;\n",
    'packages/identity/rules.test.ts': 'const now = Date.now();',
  };
  expect(violations(files)).toEqual([]);
});

test('a report says which rule was broken and why', () => {
  const [rule] = IMPORT_RULES;
  if (rule === undefined) throw new Error('no rules');
  const text = report(rule, { file: 'a.ts', line: 7, message: 'imports b' });
  expect(text).toBe(`a.ts:7 imports b\n  rule: ${rule.says}\n  why: ${rule.why}`);
});

test('imports are read from code alone, not from comments, strings, templates or regular expressions', () => {
  const text = [
    "const a = \"import x from 'string'\"; // import x from 'comment'",
    `const b = \`import x from 'template' \${await import('inserted')} from 'rest'\`;`,
    "const c = /from 'regex'/; /* import 'block' */",
    "import D, { type e, f as g } from 'named';",
    "export type { H } from 'types';",
    "const i = 4 / 2; import 'side-effect'; const j = 1 / 3;",
    "type K = import('inline').K;",
  ].join('\n');
  expect(importsOf(text)).toEqual([
    { specifier: 'inserted', names: [], line: 2 },
    { specifier: 'named', names: ['e', 'f'], line: 4 },
    { specifier: 'types', names: ['H'], line: 5 },
    { specifier: 'side-effect', names: [], line: 6 },
    { specifier: 'inline', names: [], line: 7 },
  ]);
  expect(codeOf(text)).toHaveLength(text.length);
});

function violations(files: Files, rest: Partial<Repository> = {}): readonly string[] {
  const services = ['intake', 'timeline'].map((name) => ({
    path: `services/${name}/package.json`,
    text: JSON.stringify({ name: `@touchline/${name}`, exports: './index.ts' }),
  }));
  const complete = services.flatMap(({ path }) => [
    { path: path.replace('package.json', 'README.md'), text: '' },
    { path: path.replace('package.json', 'index.ts'), text: '' },
  ]);
  const repository: Repository = {
    topLevel: [],
    lock: { packages: {} },
    files: [...services, ...complete, ...Object.entries(files).map(([path, text]) => ({ path, text }))],
    ...rest,
  };
  return RULES.flatMap((rule) =>
    rule.check(repository).map(({ file, line, message }) => `${file}:${line} ${message}`),
  );
}
