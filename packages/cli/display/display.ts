import { stripVTControlCharacters, styleText } from 'node:util';
import { formatCount, formatSeconds } from './pace.ts';

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const PLAIN_LINE_MS = 5_000;
const LOOK_MS = 500;

/** How far a piece of work is. */
export interface Progress {
  readonly label: string;
  /** From 0 to 1; nothing when it cannot be known. */
  readonly fraction?: number | undefined;
  /** Touchpoints settled. */
  readonly count: number;
  readonly perSecond?: number | undefined;
  readonly remainingSeconds?: number | undefined;
}

/** Where a command tells how it is getting on. What it answers in the end goes to the standard output instead. */
export interface Display {
  /** Shows progress, asked for again and again, until `stop`. */
  start(progress: () => Progress): void;
  /** One line that stays. */
  note(line: string): void;
  stop(): void;
}

export interface DisplayOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A bar on a terminal, a line every few seconds elsewhere. */
export function createDisplay(output: DisplayOutput): Display {
  return output.isTTY ? new BarDisplay(output) : new LineDisplay(output);
}

export const SILENT: Display = { start() {}, note() {}, stop() {} };

export function progressLine({ label, fraction, count, perSecond, remainingSeconds }: Progress): string {
  const parts = [label];
  if (fraction !== undefined) parts.push(`${Math.floor(Math.min(1, fraction) * 100)}%`);
  if (count > 0) parts.push(`${formatCount(count)} touchpoints`);
  if (count > 0 && perSecond !== undefined) parts.push(`${formatCount(perSecond)}/s`);
  if (remainingSeconds !== undefined && (fraction ?? 0) < 1)
    parts.push(`${formatSeconds(remainingSeconds)} left`);
  return parts.join(' · ');
}

class LineDisplay implements Display {
  readonly #output: DisplayOutput;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: DisplayOutput) {
    this.#output = output;
  }

  start(progress: () => Progress): void {
    this.stop();
    let looks = 0;
    progress();
    // Looks more often than it writes: rates are taken from when a stage of the work is first seen.
    this.#timer = setInterval(() => {
      const seen = progress();
      looks += 1;
      if ((looks * LOOK_MS) % PLAIN_LINE_MS === 0) this.note(progressLine(seen));
    }, LOOK_MS);
    this.#timer.unref();
  }

  note(line: string): void {
    this.#output.write(`${line}\n`);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Draws by itself: it reads no keys, so that Ctrl-C stays the signal that ends a command in order. */
class BarDisplay implements Display {
  readonly #output: DisplayOutput;
  #timer: NodeJS.Timeout | undefined;
  #progress: (() => Progress) | undefined;

  constructor(output: DisplayOutput) {
    this.#output = output;
  }

  start(progress: () => Progress): void {
    this.stop();
    this.#progress = progress;
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#timer.unref();
  }

  note(line: string): void {
    this.#output.write(`\r\u001b[K${line}\n`);
    this.#draw();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#progress !== undefined) this.#output.write('\r\u001b[K');
    this.#progress = undefined;
  }

  #draw(): void {
    const progress = this.#progress?.();
    if (progress === undefined) return;
    const filled = Math.floor(Math.min(1, progress.fraction ?? 0) * BAR_WIDTH);
    const bar = styleText('cyan', '━'.repeat(filled)) + styleText('dim', '━'.repeat(BAR_WIDTH - filled));
    const room = Math.max(0, (this.#output.columns || 80) - BAR_WIDTH - 2);
    this.#output.write(`\r\u001b[K${bar} ${stripVTControlCharacters(progressLine(progress)).slice(0, room)}`);
  }
}
