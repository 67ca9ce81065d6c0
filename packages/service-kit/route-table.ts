interface Pattern {
  readonly methods: Set<string>;
  readonly matches: (path: string) => boolean;
}

/** Every route by pattern, to tell an address that does not exist from a method that is not allowed there. */
export class RouteTable {
  readonly #patterns = new Map<string, Pattern>();

  add(methods: string | readonly string[], pattern: string): void {
    const entry = this.#patterns.get(pattern) ?? { methods: new Set<string>(), matches: matcher(pattern) };
    for (const method of [methods].flat()) entry.methods.add(method);
    this.#patterns.set(pattern, entry);
  }

  /** Methods an address can be asked with, in alphabetical order; empty when there is no such address. */
  methodsAt(path: string): readonly string[] {
    const methods = new Set<string>();
    for (const pattern of this.#patterns.values()) {
      if (pattern.matches(path)) for (const method of pattern.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}

function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('\\*', '.*'),
    )
    .join('/');
  const expression = new RegExp(`^${source}$`);
  return (path) => expression.test(path);
}
