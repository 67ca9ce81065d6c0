import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { CommandError, isErrorCode } from '../commands/command-error.ts';
import { pointerOf } from './json-pointer.ts';
import { type Mapping, mappingSchema } from './mapping.ts';

export interface MappingProblem {
  /** JSON pointer into the mapping. */
  readonly pointer: string;
  readonly detail: string;
}

export interface NamedMapping {
  readonly path: string;
  /** As it stands in the file. */
  readonly text: string;
  readonly mapping: Mapping;
}

/** Reads and checks a mapping file. Throws `CommandError` (`usage`) that lists every problem by its JSON pointer. */
export async function readMapping(path: string): Promise<NamedMapping> {
  const text = await readText(path);
  const result = mappingSchema.safeParse(parseJson(path, text));
  if (result.success) return { path, text, mapping: result.data };
  throw mappingError(path, problemsIn(result.error.issues));
}

/** Of a union, the problems of the alternative that was meant: the one that is at least of the right kind. */
function problemsIn(
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[] = [],
): MappingProblem[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    const meant =
      issue.code === 'invalid_union'
        ? issue.errors.find((branch) =>
            branch.every((one) => one.path.length > 0 || one.code !== 'invalid_type'),
          )
        : undefined;
    return meant === undefined
      ? [{ pointer: pointerOf(path), detail: issue.message }]
      : problemsIn(meant, path);
  });
}

export function mappingError(path: string, problems: readonly MappingProblem[]): CommandError {
  const lines = problems.map(
    ({ pointer, detail }) => `  ${pointer === '' ? '(the whole file)' : pointer}: ${detail}`,
  );
  return new CommandError('usage', `The mapping ${path} cannot be used:\n${lines.join('\n')}`, { problems });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = isErrorCode(error, 'ENOENT') ? 'does not exist' : `cannot be read (${String(error)})`;
    throw new CommandError('usage', `The mapping ${path} ${reason}.`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      'usage',
      `The mapping ${path} is not JSON: ${error instanceof Error ? error.message : error}`,
    );
  }
}
