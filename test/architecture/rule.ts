import { codeOf, type Import, importsOf, lineOf, type SourceFile } from './source.ts';

/** What the rules look at. Nothing here touches the disk, so that each rule can be tried on a made-up house. */
export interface Repository {
  readonly topLevel: readonly string[];
  readonly files: readonly SourceFile[];
  readonly lock: Lock;
}

export interface Lock {
  readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
}

export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Rule {
  /** The rule as a sentence, and why it is one. */
  readonly says: string;
  readonly why: string;
  check(repository: Repository): readonly Violation[];
}

export function report(rule: Rule, violation: Violation): string {
  return `${violation.file}:${violation.line} ${violation.message}\n  rule: ${rule.says}\n  why: ${rule.why}`;
}

/** A rule about single imports: `judge` answers what is wrong with one, or nothing. */
export function importRule(rule: {
  says: string;
  why: string;
  judge: (file: SourceFile, found: Import, repository: Repository) => string | undefined;
}): Rule {
  return {
    ...rule,
    check: (repository) =>
      repository.files.filter(isCode).flatMap((file) =>
        importsOf(file.text).flatMap((found) => {
          const message = rule.judge(file, found, repository);
          return message === undefined ? [] : [{ file: file.path, line: found.line, message }];
        }),
      ),
  };
}

/** A rule about words in the code (not in comments or strings) of the files it applies to. */
export function wordRule(rule: {
  says: string;
  why: string;
  applies: (file: SourceFile) => boolean;
  words: RegExp;
}): Rule {
  return {
    ...rule,
    check: ({ files }) =>
      files
        .filter((file) => isCode(file) && rule.applies(file))
        .flatMap((file) =>
          [...codeOf(file.text).matchAll(rule.words)].map((match) => ({
            file: file.path,
            line: lineOf(file.text, match.index),
            message: `uses ${match[0].trim()}`,
          })),
        ),
  };
}

export function isCode(file: SourceFile): boolean {
  return /\.m?[jt]s$/.test(file.path);
}

/** Code that nothing runs in production: tests, what serves them, contract suites, benches. */
export function isTestCode(file: SourceFile): boolean {
  return /\.test\.ts$|^test\/|^packages\/testing\/|\/(?:contract|testing|fixtures|bench)\//.test(file.path);
}

/** `packages/journal`, `services/intake`; nothing for files outside both. */
export function workspaceOf(path: string): string | undefined {
  return /^(?:packages|services)\/[^/]+/.exec(path)?.[0];
}

/** Folder an import leads to, relative to the root: `packages/journal/x.ts` for a relative path, else nothing. */
export function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = file.path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** `zod` for `zod/v4`, `@touchline/vault` for `@touchline/vault/sqlite`; nothing for built-in and relative ones. */
export function packageOf(specifier: string): string | undefined {
  if (/^[./]|^node:/.test(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
