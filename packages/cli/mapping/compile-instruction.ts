import { compileText, fill, readTemplate } from './compile-text.ts';
import { compileTime } from './compile-time.ts';
import { compileValue } from './compile-value.ts';
import type { Compiled, Lines, Scope } from './compiled.ts';
import { formatDecimal, parseDecimal, rescale } from './decimal.ts';
import { INSTRUCTIONS, type Instruction, type InstructionName } from './instruction.ts';
import { pointerOf } from './json-pointer.ts';

type Compile<Name extends InstructionName> = (
  at: Instruction<Name>,
  pointer: string,
  scope: Scope,
) => Compiled;
const NOTHING: Compiled = { evaluate: () => undefined, isDynamic: true };

const COMPILERS: { readonly [Name in InstructionName]: Compile<Name> } = {
  $integer: ({ $integer }, pointer, scope) =>
    converted($integer, pointer, scope, toInteger, 'a whole number'),
  $number: ({ $number }, pointer, scope) => converted($number, pointer, scope, toNumber, 'a number'),
  $decimal: ({ $decimal, scale, round = false }, pointer, scope) =>
    converted($decimal, pointer, scope, (text) => toDecimal(text, scale, round), decimalName(scale)),
  $boolean: (
    { $boolean, true: yes = ['true', 'yes', 'y', '1'], false: no = ['false', 'no', 'n', '0'] },
    pointer,
    scope,
  ) =>
    converted(
      $boolean,
      pointer,
      scope,
      (text) => toBoolean(text, yes, no),
      `one of ${[...yes, ...no].join(', ')}`,
    ),
  $time: ({ $time, ...rest }, pointer, scope) => compileTime({ column: $time, ...rest }, pointer, scope),
  $case: compileCase,
  $firstOf: compileFirstOf,
  $lookup: compileLookup,
  $each: compileEach,
  $sum: compileSum,
  $count: () => ({ evaluate: ({ all }) => all.length, isDynamic: true }),
};

export function compileInstruction(name: string, value: object, pointer: string, scope: Scope): Compiled {
  if (!isInstruction(name)) {
    scope.problem(
      `${pointer}/${name}`,
      `is no instruction; known are ${Object.keys(INSTRUCTIONS).join(', ')}`,
    );
    return NOTHING;
  }
  const parsed = INSTRUCTIONS[name].safeParse(value);
  if (parsed.success) return (COMPILERS[name] as Compile<typeof name>)(parsed.data as never, pointer, scope);
  for (const { path, message } of parsed.error.issues) scope.problem(`${pointer}${pointerOf(path)}`, message);
  return NOTHING;
}

function isInstruction(name: string): name is InstructionName {
  return Object.hasOwn(INSTRUCTIONS, name);
}

function converted(
  template: string,
  pointer: string,
  scope: Scope,
  convert: (text: string) => unknown,
  wanted: string,
): Compiled {
  const text = compileText(template, pointer, scope);
  return {
    isDynamic: text.isDynamic,
    evaluate: (lines) => {
      const found = text.evaluate(lines);
      if (found === undefined) return undefined;
      const result = convert(found);
      if (result === undefined) lines.reject(`${template}: "${found}" is not ${wanted}`);
      return result;
    },
  };
}

function toInteger(text: string): number | undefined {
  const decimal = parseDecimal(text);
  const whole = decimal && rescale(decimal, 0, false);
  const number = Number(whole?.units);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toNumber(text: string): number | undefined {
  const number = parseDecimal(text) === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function toDecimal(text: string, scale: number | undefined, round: boolean): string | undefined {
  const decimal = parseDecimal(text);
  const scaled = decimal && rescale(decimal, scale ?? decimal.scale, round);
  return scaled && formatDecimal(scaled);
}

function decimalName(scale: number | undefined): string {
  return scale === undefined
    ? 'a decimal number'
    : `a decimal number of at most ${scale} digits after the point`;
}

function toBoolean(text: string, yes: readonly string[], no: readonly string[]): boolean | undefined {
  const is = (one: string) => one.toLowerCase() === text.toLowerCase();
  if (yes.some(is)) return true;
  return no.some(is) ? false : undefined;
}

function compileCase(at: Instruction<'$case'>, pointer: string, scope: Scope): Compiled {
  const text = compileText(at.$case, pointer, scope);
  const cases = new Map(
    Object.entries(at.of).map(([key, value]) => [
      key,
      compileValue(value, `${pointer}/of${pointerOf([key])}`, scope),
    ]),
  );
  const otherwise =
    at.otherwise === undefined ? undefined : compileValue(at.otherwise, `${pointer}/otherwise`, scope);
  return {
    isDynamic: true,
    evaluate: (lines) => {
      const found = text.evaluate(lines);
      const chosen = (found === undefined ? undefined : cases.get(found)) ?? otherwise;
      if (chosen === undefined && found !== undefined) {
        lines.reject(`${at.$case}: "${found}" is none of ${[...cases.keys()].join(', ')}`);
      }
      return chosen?.evaluate(lines);
    },
  };
}

function compileFirstOf(at: Instruction<'$firstOf'>, pointer: string, scope: Scope): Compiled {
  const choices = at.$firstOf.map((choice, index) =>
    compileValue(choice, `${pointer}/$firstOf/${index}`, scope),
  );
  return {
    isDynamic: choices.some((choice) => choice.isDynamic),
    evaluate: (lines) => {
      for (const choice of choices) {
        const result = choice.evaluate(lines);
        if (result !== undefined) return result;
      }
      return undefined;
    },
  };
}

function compileLookup(at: Instruction<'$lookup'>, pointer: string, scope: Scope): Compiled {
  const table = scope.lookup(at.$lookup, `${pointer}/$lookup`);
  const key = compileText(at.key, `${pointer}/key`, scope);
  const template = readTemplate(at.value, `${pointer}/value`, scope);
  if (table === undefined || template === undefined) return NOTHING;
  const parts = template.map((part) => {
    if (typeof part === 'string') return part;
    const index = table.columns.indexOf(part.column);
    if (index < 0) scope.problem(`${pointer}/value`, `${at.$lookup} has no column "${part.column}"`);
    return index;
  });
  return {
    isDynamic: true,
    evaluate: (lines) => {
      const found = key.evaluate(lines);
      const row = found === undefined ? undefined : table.find(found);
      return row && fill(parts, row);
    },
  };
}

function compileEach(at: Instruction<'$each'>, pointer: string, scope: Scope): Compiled {
  const item = compileValue(at.$each, `${pointer}/$each`, scope.perLine);
  return {
    isDynamic: true,
    evaluate: (lines) =>
      lines.all.map((line) => item.evaluate(onlyLine(lines, line))).filter((result) => result !== undefined),
  };
}

function compileSum(at: Instruction<'$sum'>, pointer: string, scope: Scope): Compiled {
  const { scale = 2, round = false } = at;
  const text = compileText(at.$sum, pointer, scope.perLine);
  return {
    isDynamic: true,
    evaluate: (lines) => {
      let units = 0n;
      for (const line of lines.all) {
        const single = onlyLine(lines, line);
        const found = text.evaluate(single);
        if (found === undefined) continue;
        const decimal = parseDecimal(found);
        const scaled = decimal && rescale(decimal, scale, round);
        if (scaled === undefined) single.reject(`${at.$sum}: "${found}" is not ${decimalName(scale)}`);
        units += scaled?.units ?? 0n;
      }
      return formatDecimal({ units, scale });
    },
  };
}

function onlyLine(lines: Lines, line: Lines['line']): Lines {
  return { line, all: lines.all, reject: (reason) => lines.reject(`line ${line.number}: ${reason}`) };
}
