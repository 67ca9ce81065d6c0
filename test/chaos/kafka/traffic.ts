import type { Message } from '@touchline/messaging';
import { note } from '../../support/sample-events.ts';

const TOUCHPOINTS_PER_SUBJECT = 200;
/** Of all messages. */
const INVALID_SHARE = 0.01;
const REPEATED_SHARE = 0.03;
/** How far back what is repeated lies, at most. */
const MAX_REPEAT_DISTANCE = 5_000;
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };

/** Each is wrong in its own way; what stays is that its value names it. */
const SPOILT: readonly ((id: string) => Message)[] = [
  (id) => structured(id, `{"id":"${id}", no JSON`),
  (id) => structured(id, JSON.stringify(note(id, { type: 'nobody.knows.v1' }))),
  (id) => structured(id, JSON.stringify(note(id, { time: 'yesterday' }))),
  (id) => ({ key: id, value: JSON.stringify(note(id)), headers: { 'content-type': 'text/plain' } }),
];

/** Messages for the intake's topic, decided by the random numbers alone, and what has to become of them. */
export class Traffic {
  readonly messages: Message[] = [];
  /** Ids of touchpoints that are right, each once. */
  readonly valid: string[] = [];
  /** Ids of those that must be rejected. */
  readonly invalid: string[] = [];
  readonly subjects: readonly string[];
  readonly #random: () => number;

  constructor(touchpoints: number, random: () => number) {
    this.#random = random;
    const subjects = Math.ceil(touchpoints / TOUCHPOINTS_PER_SUBJECT);
    this.subjects = Array.from({ length: subjects }, (_, at) => `account:shop:kafka-${at}`);
    while (this.valid.length < touchpoints) this.#add();
  }

  #add(): void {
    const chance = this.#random();
    if (chance < INVALID_SHARE) this.#addInvalid();
    else if (chance < INVALID_SHARE + REPEATED_SHARE) this.#repeat();
    else this.#addValid();
  }

  #addValid(): void {
    const id = `valid-${this.valid.length}`;
    const event = note(id, { subject: this.#oneOf(this.subjects) });
    this.messages.push(this.#random() < 0.5 ? structured(id, JSON.stringify(event)) : binary(id, event));
    this.valid.push(id);
  }

  #addInvalid(): void {
    const id = `invalid-${this.invalid.length}`;
    this.messages.push(this.#oneOf(SPOILT)(id));
    this.invalid.push(id);
  }

  /** A message that was sent before, by a producer that was not sure; perhaps on another partition. */
  #repeat(): void {
    const distance = 1 + Math.floor(this.#random() * MAX_REPEAT_DISTANCE);
    const earlier = this.messages.at(-Math.min(distance, this.messages.length));
    if (earlier?.key.startsWith('valid-')) this.messages.push({ ...earlier, key: `${earlier.key} again` });
  }

  #oneOf<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }
}

function structured(key: string, value: string): Message {
  return { key, value, headers: STRUCTURED };
}

function binary(key: string, { data, ...attributes }: Record<string, unknown>): Message {
  const named = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]);
  return {
    key,
    value: JSON.stringify(data),
    headers: { 'content-type': 'application/json', ...Object.fromEntries(named) },
  };
}
