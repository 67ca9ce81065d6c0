/**
 * Why a recorded event cannot be read in full. Its clear fields may be missing or of an old version; it is to be held
 * back until the cause is repaired, never taken for the whole truth.
 *
 * - `document-corrupt` the stored document is not what the journal writes
 * - `document-newer` it was written by a later version of the journal
 * - `sealed-text-corrupt` the sealed part was changed, or belongs to another event or key
 * - `key-unknown` the vault never had this key: it belongs to another log, or is an older copy
 * - `key-corrupt` the vault has the key, but damaged
 * - `upcast-failed` its type is unknown here, or could not be brought to its newest version
 */
export type Damage =
  | 'document-corrupt'
  | 'document-newer'
  | 'sealed-text-corrupt'
  | 'key-unknown'
  | 'key-corrupt'
  | 'upcast-failed';
