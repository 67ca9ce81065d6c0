/**
 * An identifier as people read it: `{ kind, text, owner, href, isReference }`. Phone numbers and mail addresses get a
 * link that calls or writes; `owner` is the system an account belongs to. Where a touchpoint had no identifier, a
 * business object such as `order:shop:8891` stands in its place.
 */
export function readIdentifier(uri) {
  const colon = uri.indexOf(':');
  const kind = colon < 0 ? '' : uri.slice(0, colon);
  const rest = uri.slice(colon + 1);
  if (kind === 'tel')
    return { kind, text: phoneText(rest), href: /^[+\d*#-]+$/.test(rest) ? uri : undefined };
  if (kind === 'mailto')
    return { kind, text: rest, href: `mailto:${encodeURIComponent(rest).replace('%40', '@')}` };
  if (kind === 'account' || kind === 'wechat') {
    const [owner, id] = split(rest);
    return id === undefined ? { kind, text: rest } : { kind, text: id, owner };
  }
  if (kind === 'device' || kind === 'cookie') return { kind, text: rest };
  return { ...readReference(uri), isReference: true };
}

/** A reference such as `order:shop:8891`: `{ kind, owner, text }`. */
export function readReference(reference) {
  const [kind, rest] = split(reference);
  if (rest === undefined) return { kind: '', text: reference };
  const [owner, text] = split(rest);
  return text === undefined ? { kind, text: rest } : { kind, owner, text };
}

/** Chinese and North American numbers in the groups people read them in; others as they are. */
function phoneText(number) {
  const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/.exec(number);
  if (mobile) return `+86 ${mobile[1]} ${mobile[2]} ${mobile[3]}`;
  const chinese = /^\+86(10|2\d|[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(number);
  if (chinese) return `+86 ${chinese[1]} ${chinese[2]} ${chinese[3]}`;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (american) return `+1 ${american[1]} ${american[2]} ${american[3]}`;
  return number;
}

function split(text) {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** What a person could be called by, for want of a name. */
const SAYING = new Set(['account', 'mailto', 'tel']);
const STRENGTH = ['account', 'mailto', 'tel', 'wechat', 'device', 'cookie'];

/** Identifiers, as URIs or as `{ identifier }`, with those that say most first. */
export function strongestFirst(identifiers = []) {
  const strength = (one) => {
    const place = STRENGTH.indexOf(readIdentifier(uriOf(one)).kind);
    return place < 0 ? STRENGTH.length : place;
  };
  return [...identifiers].sort((a, b) => strength(a) - strength(b));
}

/** What to call a customer: the name, else an identifier that people know, else nothing. */
export function callName({ name, identifiers }) {
  const [first] = strongestFirst(identifiers).map((one) => readIdentifier(uriOf(one)));
  return name ?? (SAYING.has(first?.kind) ? first.text : undefined);
}

function uriOf(one) {
  return typeof one === 'string' ? one : one.identifier;
}
