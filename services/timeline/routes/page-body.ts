const OPENING = Buffer.from('{"items":[');
const COMMA = Buffer.from(',');

/** The answer of a list whose items are JSON in UTF-8 already: putting it together must not cost more than reading them. */
export function pageBody(items: readonly Uint8Array[], next: string | undefined): Buffer {
  const parts: Uint8Array[] = [OPENING];
  for (const item of items) {
    if (parts.length > 1) parts.push(COMMA);
    parts.push(item);
  }
  parts.push(Buffer.from(`],"next":${JSON.stringify(next ?? null)}}`));
  return Buffer.concat(parts);
}
