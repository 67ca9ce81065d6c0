import type { VaultErrorCode } from '../vault-error.ts';

export interface WriterSettings {
  readonly file: string;
  readonly masterKey: Uint8Array;
}

export type WriteOrder =
  | { readonly task: 'create'; readonly subjects: readonly string[] }
  | { readonly task: 'shred'; readonly subject: string }
  | { readonly task: 'close' };

/** One for each order but `close`, in the order given. */
export type WriteAnswer =
  | { readonly count: number }
  | { readonly failure: { readonly code: VaultErrorCode; readonly message: string; readonly cause: string } };
