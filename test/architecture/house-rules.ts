import { packagesOf } from './manifest.ts';
import { isCode, type Rule, type Violation } from './rule.ts';

const TOP_LEVEL = [
  'packages',
  'services',
  'infra',
  'test',
  'docker-compose.yml',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.config.ts',
  'biome.json',
  'README.md',
  'LICENSE',
];
const MAX_LINES = 300;
const MAX_README_LINES = 40;

const tidyTopLevel: Rule = {
  says: `the top level holds ${TOP_LEVEL.join(', ')} and dotfiles, nothing else`,
  why: "a folder's documentation is its own README, and everything else has a folder",
  check: ({ topLevel }) =>
    topLevel
      .filter((name) => !name.startsWith('.') && name !== 'node_modules' && !TOP_LEVEL.includes(name))
      .map((name) => at(name, 'does not belong at the top level')),
};

const shortFiles: Rule = {
  says: `no source file is longer than ${MAX_LINES} lines`,
  why: 'a file holds one concept, and can be read in one go',
  check: ({ files }) =>
    files.flatMap((file) => {
      const lines = lineCount(file.text);
      return isCode(file) && lines > MAX_LINES ? [at(file.path, `has ${lines} lines`, MAX_LINES + 1)] : [];
    }),
};

const nounsForNames: Rule = {
  says: 'no file or folder is named src, utils, helpers, common or manager',
  why: 'a name says which concept lives there',
  check: ({ files }) =>
    files
      .filter(({ path }) => /(?:^|[/.-])(?:src|utils?|helpers?|common|manager)(?:[/.-]|$)/.test(path))
      .map(({ path }) => at(path, 'has a name that says nothing')),
};

const readmes: Rule = {
  says: `each package and service has a README.md of at most ${MAX_README_LINES} lines`,
  why: 'what a folder owns and why it is built so is told where it lies, and short enough to be read',
  check: (repository) =>
    packagesOf(repository).flatMap(({ folder }) => {
      const readme = repository.files.find(({ path }) => path === `${folder}/README.md`);
      if (readme === undefined) return [at(`${folder}/README.md`, 'is missing')];
      const lines = lineCount(readme.text);
      return lines > MAX_README_LINES ? [at(readme.path, `has ${lines} lines`, MAX_README_LINES + 1)] : [];
    }),
};

const oneIndex: Rule = {
  says: 'each package and service has one public index.ts, the first of its exports',
  why: 'what others may use is decided in one place',
  check: (repository) =>
    packagesOf(repository).flatMap(({ folder, manifest, path }) => {
      const main = typeof manifest.exports === 'string' ? manifest.exports : manifest.exports?.['.'];
      const exportsIndex = main === './index.ts' ? [] : [at(path, 'does not export ./index.ts as "."')];
      const hasIndex = repository.files.some((file) => file.path === `${folder}/index.ts`);
      return hasIndex ? exportsIndex : [...exportsIndex, at(`${folder}/index.ts`, 'is missing')];
    }),
};

function at(file: string, message: string, line = 1): Violation {
  return { file, line, message };
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

export const HOUSE_RULES: readonly Rule[] = [tidyTopLevel, shortFiles, nounsForNames, readmes, oneIndex];
