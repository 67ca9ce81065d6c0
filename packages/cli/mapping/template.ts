/** Text with columns in braces: `account:shop:{customer_no}`. `{{` and `}}` stand for the braces themselves. */
export type Template = readonly (string | { readonly column: string })[];

const PIECE = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Reads a template, or answers what is wrong with it. */
export function parseTemplate(text: string): { template: Template } | { problem: string } {
  const parts: (string | { column: string })[] = [];
  let literal = '';
  let at = 0;
  for (const match of text.matchAll(PIECE)) {
    literal += text.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[0] === '{{' || match[0] === '}}') literal += match[0].charAt(0);
    else if (match[1] === undefined)
      return { problem: `has a single "${match[0]}"; write "${match[0]}${match[0]}" for the brace itself` };
    else if (match[1].trim() === '') return { problem: 'has braces without the name of a column' };
    else {
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push({ column: match[1].trim() });
    }
  }
  literal += text.slice(at);
  return { template: literal === '' && parts.length > 0 ? parts : [...parts, literal] };
}

/** Columns by name, in the order they are used. */
export function columnsOf(template: Template): readonly string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.column]));
}
