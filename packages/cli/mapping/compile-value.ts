import { compileInstruction } from './compile-instruction.ts';
import { type CompiledText, compileText } from './compile-text.ts';
import type { Compiled, Scope } from './compiled.ts';
import { pointerOf } from './json-pointer.ts';

/** Compiles any piece of a mapping: texts are templates, objects with a `$` key instructions, the rest constants. */
export function compileValue(value: unknown, pointer: string, scope: Scope): Compiled {
  if (typeof value === 'string') return compileText(value, pointer, scope);
  if (Array.isArray(value)) return compileArray(value, pointer, scope);
  if (typeof value !== 'object' || value === null) return { evaluate: () => value, isDynamic: false };
  const instruction = Object.keys(value).find((key) => key.startsWith('$'));
  if (instruction !== undefined) return compileInstruction(instruction, value, pointer, scope);
  return compileObject(value, pointer, scope);
}

/** As `compileValue`, for places that take text: other values are turned into it. */
export function compileTextValue(value: unknown, pointer: string, scope: Scope): CompiledText {
  const { evaluate, isDynamic } = compileValue(value, pointer, scope);
  return {
    isDynamic,
    evaluate: (lines) => {
      const result = evaluate(lines);
      return result === undefined || result === null ? undefined : String(result);
    },
  };
}

function compileArray(values: readonly unknown[], pointer: string, scope: Scope): Compiled {
  const items = values.map((value, index) => compileValue(value, `${pointer}/${index}`, scope));
  const isDynamic = items.some((item) => item.isDynamic);
  return {
    isDynamic,
    evaluate: (lines) => {
      const results = items.map((item) => item.evaluate(lines)).filter((result) => result !== undefined);
      return isDynamic && results.length === 0 ? undefined : results;
    },
  };
}

function compileObject(value: object, pointer: string, scope: Scope): Compiled {
  const fields = Object.entries(value).map(([key, child]) => {
    return { key, ...compileValue(child, `${pointer}${pointerOf([key])}`, scope) };
  });
  const isDynamic = fields.some((field) => field.isDynamic);
  return {
    isDynamic,
    evaluate: (lines) => {
      const result: Record<string, unknown> = {};
      let isEmpty = isDynamic;
      for (const field of fields) {
        const child = field.evaluate(lines);
        if (child === undefined) continue;
        result[field.key] = child;
        if (field.isDynamic) isEmpty = false;
      }
      return isEmpty ? undefined : result;
    },
  };
}
