import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { copyOf, letsIn, type Stage, stagesOf } from './dockerfile.ts';
import { ROOT } from './house.ts';

const run = promisify(execFile);
const WORKDIR = '/touchline';
/** No user of the machine has this number; only root can start a process under it. */
const STRANGER = 64_321;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** The image's tree, made by carrying out its Dockerfile without Docker: `COPY` and `RUN` of every stage, in folders. */
export class HandBuiltImage {
  /** What the container sees as `/touchline`, writable by nobody. */
  readonly tree: string;
  readonly entrypoint: readonly string[];
  readonly #folder: string;

  private constructor(parts: { folder: string; tree: string; entrypoint: readonly string[] }) {
    this.#folder = parts.folder;
    this.tree = parts.tree;
    this.entrypoint = parts.entrypoint;
  }

  static async build(): Promise<HandBuiltImage> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-image-'));
    try {
      await chmod(folder, 0o755);
      const stages = stagesOf(await readFile(join(ROOT, 'infra/image/Dockerfile'), 'utf8'));
      for (const [at, stage] of stages.entries()) await carryOut(stage, folder, stage.name ?? String(at));
      const tree = join(folder, String(stages.length - 1));
      await run('chmod', ['-R', 'a-w', tree]);
      await copyFile(process.execPath, join(folder, 'node'));
      const entrypoint = stages.at(-1)?.instructions.find(({ word }) => word === 'ENTRYPOINT')?.text ?? '[]';
      return new HandBuiltImage({ folder, tree, entrypoint: JSON.parse(entrypoint) });
    } catch (failure) {
      await rm(folder, { recursive: true, force: true });
      throw failure;
    }
  }

  /** Runs a command of the image: as a user who owns nothing of it, with nothing of this process's environment. */
  async start(
    command: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ChildProcess> {
    const data = join(this.#folder, 'data');
    await mkdir(data, { recursive: true, mode: 0o700 });
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(data, STRANGER, STRANGER);
    const [, ...args] = command;
    return spawn(join(this.#folder, 'node'), args, {
      cwd: this.tree,
      env: { NODE_ENV: 'production', TOUCHLINE_DATA: data, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? { uid: STRANGER, gid: STRANGER } : {}),
    });
  }

  async remove(): Promise<void> {
    await run('chmod', ['-R', 'u+w', this.tree]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function carryOut(stage: Stage, folder: string, name: string): Promise<void> {
  const tree = join(folder, name);
  const within = (path: string): string => resolve(tree, path.replace(WORKDIR, '.'));
  await mkdir(tree, { recursive: true });
  for (const instruction of stage.instructions) {
    if (instruction.word === 'COPY') {
      const { from, sources, target } = copyOf(instruction);
      for (const source of sources) {
        if (from === undefined) await copyFromContext(source, within(target), target.endsWith('/'));
        else await run('cp', ['-a', `${join(folder, from)}/.`, within(target)]);
      }
    }
    // What is done outside the work folder (making /data) is the machine's.
    if (instruction.word === 'RUN' && !instruction.text.includes(' /'))
      await run('sh', ['-c', instruction.text], {
        cwd: tree,
        env: ownEnvironment(),
        maxBuffer: MAX_OUTPUT_BYTES,
      });
  }
}

/** Without what the npm that runs the tests has put there: it names the folder of this checkout. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}

async function copyFromContext(source: string, target: string, isIntoFolder: boolean): Promise<void> {
  const isLetIn = letsIn(await readFile(join(ROOT, '.dockerignore'), 'utf8'));
  const from = join(ROOT, source);
  await cp(from, isIntoFolder ? join(target, source) : target, {
    recursive: true,
    filter: (path) => path === from || isLetIn(relative(ROOT, path)),
  });
}
