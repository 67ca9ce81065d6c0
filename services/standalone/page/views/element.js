/**
 * Makes an element. Children are elements, texts, lists of them, or nothing (`undefined`, `null`, `false`); texts are
 * never read as HTML. Attributes that are `undefined`, `null` or `false` are left out; `true` stands alone; functions
 * are listeners (`onclick`).
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') made.addEventListener(attribute.slice(2), value);
    else made.setAttribute(attribute, value === true ? '' : String(value));
  }
  made.append(...nodes(children));
  return made;
}

/** Replaces what is in an element. */
export function fill(parent, ...children) {
  parent.replaceChildren(...nodes(children));
  return parent;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false);
}

/** A list of terms with what they mean: `[[term, content]]`, those without content left out. */
export function definitions(className, pairs) {
  const known = pairs.filter(
    ([, content]) => content !== undefined && content !== null && content !== false && content !== '',
  );
  return element(
    'dl',
    { class: className },
    known.map(([term, content]) => element('div', {}, element('dt', {}, term), element('dd', {}, content))),
  );
}
