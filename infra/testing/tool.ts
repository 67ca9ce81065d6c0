import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that checks what is deployed, and is not on every machine. */
export interface Tool {
  run(args: readonly string[], options?: RunOptions): Promise<ToolRun>;
}

/**
 * The first of several commands that this machine has. Where it has none the reason is printed, and answered as
 * `undefined`; `TOUCHLINE_TEST_REQUIRE` makes that a failure when it names the tool.
 */
export async function findTool(
  name: string,
  commands: readonly (readonly [string, ...string[]])[],
  probe: readonly string[],
): Promise<Tool | undefined> {
  for (const [file, ...first] of commands) {
    const tool = toolOf(file, first);
    const { code } = await tool.run(probe).catch(() => ({ code: -1 }));
    if (code === 0) return tool;
  }
  const missing = `not checked by ${name}: this machine has no ${commands.map((words) => words.join(' ')).join(', no ')}`;
  if ((process.env.TOUCHLINE_TEST_REQUIRE ?? '').split(',').includes(name)) throw new Error(missing);
  process.stderr.write(`${missing}\n`);
  return undefined;
}

function toolOf(file: string, first: readonly string[]): Tool {
  return {
    async run(args, { environment = {} } = {}) {
      const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
      return run(file, [...first, ...args], { env, maxBuffer: MAX_OUTPUT_BYTES }).then(
        ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
        (failure: { code?: unknown; stdout?: string; stderr?: string }) => {
          if (typeof failure.code !== 'number') throw failure;
          return { code: failure.code, output: `${failure.stdout}${failure.stderr}` };
        },
      );
    },
  };
}
