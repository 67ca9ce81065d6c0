const MAX_NAMES = 3;
const MAX_LENGTH = 128;
const MIN_TOLERANCE = 2;
const TOLERANCE = 0.4;

/** At most three of the names that look most like the text, nearest first; none when nothing is near. */
export function nearestNames(text: string, names: Iterable<string>): readonly string[] {
  const whole = dotted(text.slice(0, MAX_LENGTH));
  const bare = bareName(whole);
  const tail = bare.split('.').slice(-2).join('.');
  const tolerance = Math.max(MIN_TOLERANCE, Math.floor(bare.length * TOLERANCE));
  const near: { name: string; distance: number }[] = [];
  for (const name of names) {
    const target = dotted(name);
    const bareTarget = bareName(target);
    const distance = Math.min(
      editDistance(whole, target),
      editDistance(bare, bareTarget),
      editDistance(tail, bareTarget),
    );
    if (distance <= tolerance) near.push({ name, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, MAX_NAMES).map(({ name }) => name);
}

/** `orderPlaced`, `order_placed` and `Order Placed` are `order.placed`. */
function dotted(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .replace(/[\s_:/.-]+/g, '.');
}

function bareName(name: string): string {
  return name.replace(/^touchline\./, '').replace(/\.v\d+$/, '');
}

/** Damerau-Levenshtein in its optimal string alignment: insert, delete, replace, swap neighbours. */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replace = at(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replace, at(previous, column) + 1, at(current, column - 1) + 1);
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (row > 1 && column > 1 && isSwap) least = Math.min(least, at(twoBack, column - 2) + 1);
      current.push(least);
    }
    twoBack = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
