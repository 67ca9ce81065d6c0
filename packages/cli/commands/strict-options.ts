import type { ArgsDef } from 'citty';
import { CommandError } from './command-error.ts';

/** Throws for an option the command does not have: a mistyped `--dry-run` must not import for real. */
export function refuseUnknownOptions(rawArgs: readonly string[], args: ArgsDef): void {
  const known = new Set(['help', 'h']);
  for (const [name, { type, ...rest }] of Object.entries(args)) {
    known.add(name);
    if (type === 'boolean') known.add(`no-${name}`);
    for (const alias of 'alias' in rest && rest.alias !== undefined ? [rest.alias].flat() : [])
      known.add(alias);
  }
  const end = rawArgs.indexOf('--');
  const options = (end < 0 ? rawArgs : rawArgs.slice(0, end)).filter((arg) => /^--?[a-zA-Z]/.test(arg));
  const unknown = options.find((arg) => !known.has(arg.replace(/^--?/, '').split('=', 1).join('')));
  if (unknown !== undefined)
    throw new CommandError('usage', `There is no option ${unknown}; --help lists those there are.`);
}

/** A whole number from `min`, or an error that names the option. */
export function wholeNumber(name: string, text: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new CommandError('usage', `--${name} takes a whole number ${range}, not "${text}"`);
}
