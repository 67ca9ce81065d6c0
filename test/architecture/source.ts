export interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** Names between the braces; empty for default, namespace, dynamic and side-effect imports. */
  readonly names: readonly string[];
  readonly line: number;
}

const STATEMENTS = [
  /\b(?:import|export)\b([^;'"`]*?)\bfrom\s*['"]/g,
  /\bimport()\s*['"]/g,
  /\bimport\s*\(()\s*['"]/g,
  /\brequire\s*\(()\s*['"]/g,
];

/** Every module a file names in an import, export or require, types included, in the order of the file. */
export function importsOf(text: string): readonly Import[] {
  const code = codeOf(text);
  const found = STATEMENTS.flatMap((statement) =>
    [...code.matchAll(statement)].map((match) => {
      const open = match.index + match[0].length;
      const names = /\{([^}]*)\}[^{}]*$/.exec(match[1] ?? '')?.[1] ?? '';
      return {
        specifier: text.slice(open, code.indexOf(text.charAt(open - 1), open)),
        names: names.split(',').flatMap((name) => /^\s*(?:type\s+)?(\w+)/.exec(name)?.[1] ?? []),
        line: lineOf(text, open),
      };
    }),
  );
  return found.sort((a, b) => a.line - b.line);
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The text with comments and the contents of strings, templates and regular expressions blanked; offsets stay. */
export function codeOf(text: string): string {
  const out = text.split('');
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' ';
  };
  // One entry for each `${` we are inside of: how many braces are open in it.
  const templates: number[] = [];
  let at = 0;
  while (at < text.length) {
    const next = skip(text, at, templates);
    if (next.blankTo > next.blankFrom) blank(next.blankFrom, next.blankTo);
    at = next.end;
  }
  return out.join('');
}

interface Skip {
  readonly blankFrom: number;
  readonly blankTo: number;
  readonly end: number;
}

function skip(text: string, at: number, templates: number[]): Skip {
  const char = text.charAt(at);
  const pair = text.slice(at, at + 2);
  if (pair === '//') return comment(at, endOf(text, '\n', at));
  if (pair === '/*') return comment(at, endOf(text, '*/', at + 2) + 2);
  if (char === "'" || char === '"') return quoted(at, closing(text, at + 1, char));
  if (char === '`') return template(text, at, templates);
  if (char === '/' && startsRegex(text, at)) return quoted(at, closingRegex(text, at + 1));
  if (char === '{' && templates.length > 0) templates.push((templates.pop() ?? 0) + 1);
  if (char === '}' && templates.length > 0) {
    const open = templates.pop() ?? 0;
    if (open === 0) return template(text, at, templates);
    templates.push(open - 1);
  }
  return { blankFrom: at, blankTo: at, end: at + 1 };
}

function comment(from: number, to: number): Skip {
  return { blankFrom: from, blankTo: to, end: to };
}

function quoted(open: number, close: number): Skip {
  return { blankFrom: open + 1, blankTo: close, end: close + 1 };
}

/** From a backtick, or from the brace that ends an insertion, to the next backtick or insertion. */
function template(text: string, open: number, templates: number[]): Skip {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '`') return quoted(open, i);
    else if (text[i] === '$' && text[i + 1] === '{') {
      templates.push(0);
      return { blankFrom: open + 1, blankTo: i, end: i + 2 };
    }
  }
  return quoted(open, text.length);
}

function closing(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote || text[i] === '\n') return i;
  }
  return text.length;
}

function closingRegex(text: string, from: number): number {
  let inClass = false;
  for (let i = from; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '[') inClass = true;
    else if (text[i] === ']') inClass = false;
    else if (text[i] === '/' && !inClass) return i;
  }
  return from;
}

/** A slash divides after a value and opens a regular expression anywhere else. */
function startsRegex(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  return /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|throw))$/.test(before);
}

function endOf(text: string, needle: string, from: number): number {
  const found = text.indexOf(needle, from);
  return found < 0 ? text.length : found;
}
