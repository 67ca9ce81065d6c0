import type { Compiled, Lines, Scope } from './compiled.ts';
import { parseTemplate, type Template } from './template.ts';

export interface CompiledText extends Compiled {
  evaluate(lines: Lines): string | undefined;
}

const NOTHING: CompiledText = { evaluate: () => undefined, isDynamic: true };

/**
 * A template as a function of the line. With any of its columns empty it gives nothing: half an identifier would be
 * a wrong one. Values are trimmed.
 */
export function compileText(text: string, pointer: string, scope: Scope): CompiledText {
  const template = readTemplate(text, pointer, scope);
  if (template === undefined) return NOTHING;
  const parts = template.map((part) =>
    typeof part === 'string' ? part : (scope.column(part.column, pointer) ?? -1),
  );
  const isDynamic = parts.some((part) => typeof part === 'number');
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') return { evaluate: () => only, isDynamic };
  return { evaluate: ({ line }) => fill(parts, line.values), isDynamic };
}

export function fill(parts: readonly (string | number)[], values: readonly string[]): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const value = values[part]?.trim();
    if (value === undefined || value === '') return undefined;
    text += value;
  }
  return text;
}

export function readTemplate(text: string, pointer: string, scope: Scope): Template | undefined {
  const parsed = parseTemplate(text);
  if ('template' in parsed) return parsed.template;
  scope.problem(pointer, parsed.problem);
  return undefined;
}
