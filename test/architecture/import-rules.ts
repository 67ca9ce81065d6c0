import { packagesOf } from './manifest.ts';
import { importRule, isTestCode, packageOf, type Rule, targetOf, wordRule, workspaceOf } from './rule.ts';
import type { SourceFile } from './source.ts';

const ADAPTER = /^@touchline\/[^/]+\/(?:sqlite|postgres|eventstoredb|kafka)$/;
const ADAPTER_FOLDER = /^packages\/[^/]+\/(?:sqlite|postgres|eventstoredb|kafka)\//;
const PURE = /^packages\/(?:touchpoints|identity)\//;

/** Client libraries, and the only places that may know them. */
const CLIENTS: Readonly<Record<string, RegExp>> = {
  'better-sqlite3': /^packages\/(?:[^/]+\/)?sqlite\//,
  'sodium-native': /^packages\/vault\//,
  pg: /^packages\/(?:[^/]+\/)?postgres\//,
  '@eventstore/db-client': /^packages\/event-store\/eventstoredb\//,
  kafkajs: /^packages\/messaging\/kafka\//,
};

const throughTheIndex = importRule({
  says: 'packages and services are imported by their name, never by a path into their folder',
  why: 'what is not exported by an index.ts is free to change',
  judge(file, { specifier }) {
    const target = targetOf(file, specifier);
    if (target === undefined || workspaceOf(target) === undefined) return undefined;
    return workspaceOf(target) === workspaceOf(file.path) ? undefined : `imports ${target} by its path`;
  },
});

const servicesStandAlone = importRule({
  says: 'no service imports another service, except standalone, which composes them; no package imports a service',
  why: 'each service must be deployable, and testable, without the others',
  judge(file, { specifier }, repository) {
    const service = packagesOf(repository).find(({ manifest }) => manifest.name === packageOf(specifier));
    const home = workspaceOf(file.path);
    if (!service?.folder.startsWith('services/') || home === undefined) return undefined;
    if (home === 'services/standalone' || home === service.folder) return undefined;
    return `imports the service ${service.manifest.name}`;
  },
});

const storesKnowNoMeaning = importRule({
  says: 'event-store, vault, read-store and access know nothing of touchpoints',
  why: 'they keep events, keys, rows and tokens of any meaning; the journal is what joins language, log and keys',
  judge(file, { specifier }) {
    if (!/^packages\/(?:event-store|vault|read-store|access)\//.test(file.path)) return undefined;
    return /^@touchline\/(?:touchpoints|identity|journal)\b/.test(specifier)
      ? `imports ${specifier}`
      : undefined;
  },
});

const adaptersAreComposed = importRule({
  says: 'only a main.ts or compose.ts (and tests) imports an adapter',
  why: 'everything else works with the port, so that a database can be exchanged in one place',
  judge(file, { specifier }) {
    if (isTestCode(file) || /(?:^|\/)(?:main|compose)\.ts$/.test(file.path)) return undefined;
    const target = targetOf(file, specifier);
    const isOwnAdapter =
      target !== undefined && ADAPTER_FOLDER.test(target) && !ADAPTER_FOLDER.test(file.path);
    return ADAPTER.test(specifier) || isOwnAdapter ? `imports the adapter ${specifier}` : undefined;
  },
});

const clientsStayInAdapters = importRule({
  says: 'a client library is imported only by the adapter made for it (and tests)',
  why: 'no client type may leak through a port',
  judge(file, { specifier }) {
    const home = CLIENTS[packageOf(specifier) ?? ''];
    return home === undefined || home.test(file.path) || isTestCode(file)
      ? undefined
      : `imports ${specifier}`;
  },
});

const testsOnly = importRule({
  says: '@touchline/testing, contract suites, vitest and fast-check are imported by tests only',
  why: 'what serves tests must not be needed to run',
  judge(file, { specifier }) {
    if (isTestCode(file) || file.path === 'vitest.config.ts') return undefined;
    const isForTests =
      /^(?:@touchline\/testing|vitest|fast-check)(?:\/|$)|^@touchline\/[^/]+\/contract$/.test(specifier);
    return isForTests ? `imports ${specifier}` : undefined;
  },
});

const pureImports = importRule({
  says: "touchpoints and identity's rules import no client library, clock, random source, logger or environment",
  why: 'the same log must give the same customers and descriptions on every machine, at every rebuild',
  judge(file, { specifier, names }) {
    if (!isPure(file)) return undefined;
    // Hashing is a pure function; the rest of that module is not needed here.
    const isHash =
      specifier === 'node:crypto' &&
      names.length > 0 &&
      names.every((name) => /^(?:createHash|hash)$/.test(name));
    const isAllowed =
      /^(?:zod|libphonenumber-js|@touchline\/(?:touchpoints|journal|read-store))(?:\/|$)|^\./.test(specifier);
    return isAllowed || isHash ? undefined : `imports ${specifier}`;
  },
});

const pureWords = wordRule({
  says: 'touchpoints and identity use no clock, random source, environment, timer, network or console',
  why: 'time and ids come in from outside, or the same log would not give the same result twice',
  applies: isPure,
  words:
    /\bDate\.now\b|\bnew Date\(\s*\)|(?<!\.)\bDate\(\s*\)|\bMath\.random\b|\bprocess\.|\bperformance\.|\brandomUUID\w*|\bgetRandomValues\b|\bset(?:Timeout|Interval|Immediate)\b|\bfetch\(|\bconsole\./g,
});

function isPure(file: SourceFile): boolean {
  return PURE.test(file.path) && !isTestCode(file);
}

export const IMPORT_RULES: readonly Rule[] = [
  throughTheIndex,
  servicesStandAlone,
  storesKnowNoMeaning,
  adaptersAreComposed,
  clientsStayInAdapters,
  testsOnly,
  pureImports,
  pureWords,
];
