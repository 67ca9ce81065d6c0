import type { BackingSetup } from '@touchline/backing';

export interface RebuilderSetup extends BackingSetup {
  /** Former generations kept for a rollback. */
  readonly keep: number;
}

/** From the rebuilder's thread to whoever started it. Any message the other way tells it to end. */
export type RebuilderMessage =
  /** A rebuild has been taken up, or left in this state. */
  | { readonly kind: 'job'; readonly job: string; readonly state: string }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string; readonly retryMs: number };
