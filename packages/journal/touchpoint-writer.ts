import { type Catalogue, isPersonalAttribute, type Touchpoint } from '@touchline/touchpoints';
import { CanonicalWriter, canonicalKeys } from './canonical-writer.ts';
import { DOCUMENT_VERSION } from './document.ts';
import { Stretches } from './stretches.ts';

/** The body has its own place, the log knows the type, and there is one version of CloudEvents. */
const KEPT_ELSEWHERE: ReadonlySet<string> = new Set(['data', 'type', 'specversion']);

/**
 * Writes a touchpoint as canonical JSON, as a whole, and copies from it what stays clear and what is to be sealed. The
 * whole does not depend on what counts as personal, so that repeats are recognised also after the catalogue has learnt
 * better. One touchpoint at a time: what is answered holds until the next one is taken.
 */
export class TouchpointWriter {
  readonly #catalogue: Pick<Catalogue, 'isPersonal'>;
  readonly #whole = new CanonicalWriter();
  readonly #part = new CanonicalWriter();
  readonly #clearEnvelope = new Stretches(this.#whole);
  readonly #clearBody = new Stretches(this.#whole);
  readonly #personalEnvelope = new Stretches(this.#whole);
  readonly #personalBody = new Stretches(this.#whole);

  constructor(catalogue: Pick<Catalogue, 'isPersonal'>) {
    this.#catalogue = catalogue;
  }

  /** Takes a touchpoint; answers its whole text in UTF-8. */
  take(touchpoint: Touchpoint): Uint8Array {
    this.#forget();
    const whole = this.#whole;
    whole.put('{');
    let isFirst = true;
    for (const key of canonicalKeys(touchpoint)) {
      const value = touchpoint[key];
      if (value === undefined) continue;
      const start = whole.startMember(key, isFirst);
      isFirst = false;
      if (key === 'data') this.#takeBody(touchpoint);
      else whole.write(value);
      if (KEPT_ELSEWHERE.has(key)) continue;
      const part = isPersonalAttribute(key) ? this.#personalEnvelope : this.#clearEnvelope;
      part.add(start, whole.length);
    }
    whole.put('}');
    return whole.written;
  }

  /** What is to be sealed, as JSON in UTF-8; nothing when there is nothing personal. A copy. */
  personal(): Uint8Array | undefined {
    const envelope = this.#personalEnvelope;
    const body = this.#personalBody;
    if (envelope.isEmpty && body.isEmpty) return undefined;
    const text = this.#part;
    text.clear();
    text.put('{');
    if (!envelope.isEmpty) envelope.copyTo(text, '"e":{', body.isEmpty ? '}' : '},');
    if (!body.isEmpty) body.copyTo(text, '"d":{', '}');
    text.put('}');
    return text.copied();
  }

  /** What the log holds, without what is to be sealed, as JSON in UTF-8. A copy. */
  clear(happenedAt: number, who: readonly { readonly text: string }[]): Uint8Array {
    const text = this.#part;
    text.clear();
    text.put(`{"v":${DOCUMENT_VERSION},"ms":${happenedAt},"who":[`);
    for (let at = 0; at < who.length; at++) {
      if (at > 0) text.put(',');
      text.write(who[at]?.text);
    }
    this.#clearEnvelope.copyTo(text, '],"e":{', '},');
    this.#clearBody.copyTo(text, '"d":{', '}');
    text.put('}');
    return text.copied();
  }

  #takeBody({ type, data }: Touchpoint): void {
    const whole = this.#whole;
    whole.put('{');
    let isFirst = true;
    for (const key of canonicalKeys(data)) {
      const value = data[key];
      if (value === undefined) continue;
      const start = whole.startMember(key, isFirst);
      isFirst = false;
      whole.write(value);
      const part = this.#catalogue.isPersonal(type, key) ? this.#personalBody : this.#clearBody;
      part.add(start, whole.length);
    }
    whole.put('}');
  }

  #forget(): void {
    this.#whole.clear();
    this.#clearEnvelope.clear();
    this.#clearBody.clear();
    this.#personalEnvelope.clear();
    this.#personalBody.clear();
  }
}
