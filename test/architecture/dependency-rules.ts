import { namesIn, packagesOf, rootManifest, type Workspace } from './manifest.ts';
import { isCode, isTestCode, packageOf, type Repository, type Rule, type Violation } from './rule.ts';
import { importsOf, lineOf } from './source.ts';

const declaredAsUsed: Rule = {
  says: 'what a package imports is among its dependencies (for its tests, also among those of the root)',
  why: 'an import that only works because another package brought it along breaks without notice',
  check: (repository) => {
    const forTests = namesIn(rootManifest(repository).devDependencies);
    return packagesOf(repository).flatMap((workspace) => missing(repository, workspace, forTests));
  },
};

function missing(
  repository: Repository,
  workspace: Workspace,
  forTests: readonly string[],
): readonly Violation[] {
  const { manifest } = workspace;
  const declared = [...namesIn(manifest.dependencies), manifest.name];
  return codeIn(repository, workspace).flatMap((file) => {
    // Tests may also use any package of the house: it is there, and they ship nothing.
    const allowed = isTestCode(file)
      ? [...declared, ...namesIn(manifest.devDependencies), ...forTests]
      : declared;
    return importsOf(file.text).flatMap(({ specifier, line }) => {
      const name = packageOf(specifier);
      if (name === undefined || allowed.includes(name)) return [];
      if (isTestCode(file) && name.startsWith('@touchline/')) return [];
      return [
        { file: file.path, line, message: `imports ${name}, which ${workspace.path} does not declare` },
      ];
    });
  });
}

const usedAsDeclared: Rule = {
  says: 'every dependency a package declares is imported by it',
  why: 'each dependency has to be kept up, and is installed for nothing when it is not used',
  check: (repository) =>
    packagesOf(repository).flatMap((workspace) => {
      const files = codeIn(repository, workspace);
      const used = new Set(
        files.flatMap((file) => importsOf(file.text).map(({ specifier }) => packageOf(specifier))),
      );
      return namesIn(workspace.manifest.dependencies, workspace.manifest.devDependencies)
        .filter((name) => !used.has(name))
        .map((name) => ({
          file: workspace.path,
          line: lineOf(workspace.text, workspace.text.indexOf(`"${name}"`)),
          message: `declares ${name}, which nothing in ${workspace.folder} imports`,
        }));
    }),
};

function codeIn({ files }: Repository, { folder }: Workspace) {
  return files.filter((file) => isCode(file) && file.path.startsWith(`${folder}/`));
}

const lockWithoutAddresses: Rule = {
  says: 'the lock file names no registry address',
  why: 'an install must work with whichever registry a machine is set up to use',
  check: ({ lock }) =>
    Object.entries(lock.packages).flatMap(([name, { resolved }]) =>
      resolved === undefined || /^(?:packages|services)\//.test(resolved)
        ? []
        : [{ file: 'package-lock.json', line: 1, message: `${name} is resolved to an address` }],
    ),
};

const dependenciesExplained: Rule = {
  says: "each dependency has a line in the table of the root's README: what for, why this one",
  why: 'few, alive, made for the purpose: whoever adds one has to say so',
  check: (repository) => {
    const readme = repository.files.find(({ path }) => path === 'README.md');
    if (readme === undefined) return [];
    const rows = readme.text.split('\n').filter((line) => line.startsWith('|'));
    const isExplained = (name: string) => rows.some((row) => row.includes(`\`${familyOf(name)}\``));
    return [...new Set(externalDependencies(repository))]
      .filter((name) => !isExplained(name))
      .map((name) => ({
        file: 'README.md',
        line: 1,
        message: `has no line for the dependency ${familyOf(name)}`,
      }));
  },
};

function externalDependencies(repository: Repository): readonly string[] {
  const root = rootManifest(repository);
  const manifests = [root, ...packagesOf(repository).map(({ manifest }) => manifest)];
  return manifests
    .flatMap((one) => namesIn(one.dependencies, one.devDependencies, one.optionalDependencies))
    .filter((name) => !name.startsWith('@touchline/'));
}

/** One line stands for the same thing on several platforms, and for a library together with its types. */
function familyOf(name: string): string {
  return name.replace(/^node-(?:linux|darwin|win)-\w+$/, 'node').replace(/^@types\/(?!node$)/, '');
}

export const DEPENDENCY_RULES: readonly Rule[] = [
  declaredAsUsed,
  usedAsDeclared,
  lockWithoutAddresses,
  dependenciesExplained,
];
