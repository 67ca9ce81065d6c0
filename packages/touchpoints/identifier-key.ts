/** Strongest first. `reference` is an `about` reference, `customer` a customer id named by a decision. */
export const IDENTIFIER_KINDS = [
  'account',
  'mailto',
  'tel',
  'wechat',
  'device',
  'cookie',
  'reference',
  'customer',
] as const;

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/**
 * An identifier as the log's clear part knows it: a keyed hash with kind and owner. Who is who can so be folded
 * without opening anything, also after an erasure.
 */
export interface IdentifierKey {
  /** 24 hex digits of a keyed BLAKE2b. Names the data subject when it is the touchpoint's strongest identifier. */
  readonly subject: string;
  readonly kind: IdentifierKind;
  /** Only for accounts: the system that gave the number. */
  readonly owner?: string;
}
