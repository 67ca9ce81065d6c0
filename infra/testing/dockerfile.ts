/** One line of a Dockerfile, continued lines joined. */
export interface Instruction {
  /** Upper case. */
  readonly word: string;
  readonly text: string;
}

/** What stands between two `FROM`s. */
export interface Stage {
  readonly from: string;
  /** The last stage needs none. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Reads the plain Dockerfile that ours is: no heredocs, no `ARG` before `FROM`, no escape directive. */
export function stagesOf(dockerfile: string): readonly Stage[] {
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const { word, text } of instructionsOf(dockerfile)) {
    const [from = '', , name] = text.split(/\s+/);
    if (word === 'FROM') stages.push({ from, name, instructions: [] });
    else stages.at(-1)?.instructions.push({ word, text });
  }
  return stages;
}

export interface Copy {
  /** Name of the stage; `undefined` for the build context. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function copyOf({ text }: Instruction): Copy {
  const words = text.split(/\s+/);
  const paths = words.filter((word) => !word.startsWith('--'));
  return {
    from: words.find((word) => word.startsWith('--from='))?.slice('--from='.length),
    sources: paths.slice(0, -1),
    target: paths.at(-1) ?? '',
  };
}

/** Whether a `.dockerignore` lets a path of the build context in: the last pattern that matches it or a folder above it decides. */
export function letsIn(dockerignore: string): (path: string) => boolean {
  const patterns = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isLetIn: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => patterns.findLast(({ pattern }) => pattern.test(path))?.isLetIn ?? true;
}

function instructionsOf(dockerfile: string): readonly Instruction[] {
  return dockerfile
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [word = ''] = line.split(/\s/, 1);
      return { word: word.toUpperCase(), text: line.slice(word.length).trim() };
    });
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*/g, (stars) => (stars === '*' ? '[^/]*' : '(?:.*/)?'));
  return new RegExp(`^${source}(?:/|$)`);
}
