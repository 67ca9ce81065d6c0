import type { BackingSetup } from '@touchline/backing';
import type { Progress } from '@touchline/read-store';

export type ProjectorSetup = BackingSetup;

/** From the projector's thread to whoever started it. */
export type ProjectorMessage =
  | ({ readonly kind: 'step' } & Progress)
  /** Another generation is folded from now on. */
  | { readonly kind: 'generation'; readonly number: number }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string; readonly retryMs: number };

/** The other way: fold what is under way, commit, end. */
export type ProjectorCommand = 'close';
