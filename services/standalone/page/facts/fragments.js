const MIN_DIGITS = 3;
const MAX_DIGITS = 32;

/** A text in pieces, `{ text, isMatch }`, with the words of a question marked wherever they stand, whatever their case. */
export function markWords(text, question) {
  const ranges = merged(
    question
      .trim()
      .split(/\s+/)
      .flatMap((word) => placesOf(text, word))
      .concat(numberPlaces(text, question)),
  );
  const pieces = [];
  let at = 0;
  for (const [from, to] of ranges) {
    if (from > at) pieces.push({ text: text.slice(at, from), isMatch: false });
    pieces.push({ text: text.slice(from, to), isMatch: true });
    at = to;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), isMatch: false });
  return pieces;
}

function placesOf(text, word) {
  if (word === '') return [];
  const [lower, wanted] = [text.toLowerCase(), word.toLowerCase()];
  // Some letters change their length with their case; then places would be wrong.
  if (lower.length !== text.length) return [];
  const places = [];
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length))
    places.push([at, at + wanted.length]);
  return places;
}

/** Numbers are typed and shown in groups (`138 0013`), whatever the groups. */
function numberPlaces(text, question) {
  if (!/^[\d\s()+-]+$/.test(question)) return [];
  const digits = question.replace(/\D/g, '');
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS) return [];
  const grouped = new RegExp([...digits].join('[\\s-]?'), 'g');
  return [...text.matchAll(grouped)].map((match) => [match.index, match.index + match[0].length]);
}

function merged(ranges) {
  const result = [];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
