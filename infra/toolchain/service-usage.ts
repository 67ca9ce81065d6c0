import { readFile } from 'node:fs/promises';
import type { StartableService } from './services.ts';

const README = new URL('../../README.md', import.meta.url);
const MAX_LINE_CHARACTERS = 110;

/** What `--help` prints: the services, and the settings as the README's table has them. */
export async function usage(services: readonly StartableService[]): Promise<string> {
  const width = Math.max(...services.map(({ name }) => name.length)) + 2;
  return [
    'Starts one service in a process of its own.',
    '',
    '  npm run service -- <name>',
    '',
    'Services',
    ...services.map(({ name, description }) => `  ${name.padEnd(width)}${description}`),
    '',
    'Settings (environment)',
    ...settingsIn(await readFile(README, 'utf8')).flatMap(describe),
    '',
  ].join('\n');
}

interface Setting {
  readonly names: string;
  readonly byDefault: string;
  readonly meaning: string;
}

/** The rows of the table under "Settings", in words for a terminal. */
function settingsIn(readme: string): readonly Setting[] {
  const section = readme.split(/^## /m).find((part) => part.startsWith('Settings\n')) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `TOUCHLINE_'))
    .map((line) => {
      const [names = '', byDefault = '', meaning = ''] = line.split('|').slice(1, -1).map(plain);
      return { names, byDefault, meaning };
    });
}

function plain(cell: string): string {
  return cell
    .replaceAll('`', '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .trim();
}

function describe({ names, byDefault, meaning }: Setting): readonly string[] {
  const text = byDefault === '' ? meaning : `${meaning} (default: ${byDefault})`;
  return [`  ${names}`, ...wrapped(text).map((line) => `      ${line}`)];
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length > MAX_LINE_CHARACTERS - 7) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
