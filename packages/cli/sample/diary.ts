import { eventIdOf } from '@touchline/touchpoints';
import type { SampleCustomer } from './customer.ts';
import type { Random } from './random.ts';
import type { Arrival, SampleEvent } from './sample-event.ts';
import { SYSTEMS, type SystemName } from './system.ts';
import { STAFF } from './words/names.ts';
import { type Occasion, PHRASES } from './words/phrases.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The company's clocks: China, no daylight saving. */
const OFFSET_MS = 8 * HOUR_MS;
const OPENS_AT_HOUR = 9;
const OPEN_HOURS = 9;
const VERY_LATE = 0.01;

export interface NoteOptions {
  /** Identifiers seen besides those the system knows by itself. */
  readonly also?: readonly (string | undefined)[];
  /** Instead of those the system knows. */
  readonly instead?: readonly (string | undefined)[];
  readonly correlationid?: string;
  /** Event id of what led to it. */
  readonly causationid?: string;
  /** Who decided. */
  readonly authid?: string;
}

/** Writes down what happens to one customer. Stories move its clock on and note what the systems see. */
export class Diary {
  readonly customer: SampleCustomer;
  readonly random: Random;
  /** Shows everything a story has to show, instead of a choice by chance. */
  isThorough: boolean;
  readonly arrivals: Arrival[] = [];
  isRegistered = false;
  now: number;
  #numbers = 0;

  constructor(customer: SampleCustomer, random: Random, startsAt: number, isThorough = false) {
    this.customer = customer;
    this.random = random;
    this.now = startsAt;
    this.isThorough = isThorough;
  }

  /** Notes an event of `touchline.<name>.v1` and answers its event id. Fields that are `undefined` are left out. */
  note(
    name: string,
    by: SystemName,
    data: Readonly<Record<string, unknown>> = {},
    options: NoteOptions = {},
  ): string {
    const { also = [], instead, ...attributes } = options;
    const { source, department, knows, delayMs } = SYSTEMS[by];
    const [subject, ...others] = [...(instead ?? knows(this.customer)), ...also].filter(
      (one) => one !== undefined,
    );
    const event: SampleEvent = {
      specversion: '1.0',
      id: this.number('T'),
      source,
      type: `touchline.${name}.v1`,
      time: formatTime(this.now),
      department,
      ...(subject === undefined ? {} : { subject }),
      ...attributes,
      data: definedOnly({ ...(others.length > 0 ? { customer: { identifiers: others } } : {}), ...data }),
    };
    // A till that was offline, a letter that lay about. What is decided in Touchline is there at once.
    const isVeryLate = by !== 'touchline' && this.random.chance(VERY_LATE);
    const [least, most] = isVeryLate ? [DAY_MS, 30 * DAY_MS] : delayMs;
    this.arrivals.push({ happenedAt: this.now, arrivesAt: this.now + this.random.whole(least, most), event });
    return eventIdOf(source, event.id);
  }

  /** The event noted last. */
  get last(): SampleEvent | undefined {
    return this.arrivals.at(-1)?.event;
  }

  minutes(min: number, max: number): void {
    this.now += this.random.whole(min * 60, max * 60) * 1_000;
  }

  /** Hours later, and then when the company is open. */
  hours(min: number, max: number): void {
    this.minutes(min * 60, max * 60);
    this.now = nextOpen(this.now, this.random);
  }

  days(min: number, max: number): void {
    this.hours(min * 24, max * 24);
  }

  /** True with this probability, and always when thorough. */
  often(probability: number): boolean {
    return this.isThorough || this.random.chance(probability);
  }

  /** A number nobody else has: `SO-000012-3`. */
  number(kind: string): string {
    this.#numbers += 1;
    return `${kind}-${String(this.customer.index).padStart(6, '0')}-${this.#numbers}`;
  }

  says(occasion: Occasion): string {
    return this.random.pick(PHRASES[occasion][this.customer.language]);
  }

  agent(): { readonly id: string; readonly name: string } {
    return this.random.pick(STAFF);
  }

  /** Time from now, as text with offset. */
  inDays(days: number): string {
    return formatTime(this.now + days * DAY_MS);
  }

  /** Day from now: `2026-11-22`. */
  dayIn(days: number): string {
    return this.inDays(days).slice(0, 10);
  }

  money(minorUnits: number): { readonly amount: string; readonly currency: string } {
    const units = Math.round(minorUnits);
    const cents = String(Math.abs(units) % 100).padStart(2, '0');
    return {
      amount: `${units < 0 ? '-' : ''}${Math.floor(Math.abs(units) / 100)}.${cents}`,
      currency: this.customer.currency,
    };
  }
}

export function formatTime(instant: number): string {
  return `${new Date(instant + OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

function nextOpen(instant: number, random: Random): number {
  const local = instant + OFFSET_MS;
  const day = Math.floor(local / DAY_MS) * DAY_MS;
  const hour = (local - day) / HOUR_MS;
  if (hour >= OPENS_AT_HOUR && hour < OPENS_AT_HOUR + OPEN_HOURS) return instant;
  const opening = day + OPENS_AT_HOUR * HOUR_MS + (hour < OPENS_AT_HOUR ? 0 : DAY_MS) - OFFSET_MS;
  return opening + random.whole(0, OPEN_HOURS * 3_600 - 1) * 1_000;
}

function definedOnly(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
