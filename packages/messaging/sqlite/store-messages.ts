import type { CheckpointsErrorCode } from '../checkpoints/index.ts';

/** Positions are decimal texts. */
export type Order =
  | { readonly task: 'position'; readonly name: string }
  | {
      readonly task: 'advance';
      readonly name: string;
      readonly from: string | undefined;
      readonly to: string;
    }
  | { readonly task: 'take'; readonly lease: string; readonly holder: string; readonly forMs: number }
  | { readonly task: 'giveUp'; readonly lease: string; readonly holder: string }
  | { readonly task: 'close' };

/** One for each order but `close`, in the order given; the first one answers the opening. */
export type Answer =
  | { readonly result: string | boolean | undefined }
  | { readonly failure: { readonly code: CheckpointsErrorCode | undefined; readonly message: string } };
