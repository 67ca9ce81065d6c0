import type { InputItem } from '../upload/entry.ts';

/** Which part of the work an input is at, and how far. */
export interface Stage {
  readonly name: 'sorting' | 'sending';
  readonly done: number;
  readonly total: number;
}

/** What is in a file, as touchpoints and flaws, in an order that is the same on every run. */
export interface InputItems {
  readonly items: AsyncIterable<InputItem>;
  stage(): Stage;
}
