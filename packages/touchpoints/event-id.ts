import { hash } from 'node:crypto';

/** Namespace of Touchline event ids. Changing it would make every repeat look new. */
const NAMESPACE = Buffer.from('5c0fd5c2d9d04f0f9a4e6b1b7e1c3a52', 'hex');

/**
 * The event's id in the log: UUID version 5 (RFC 9562) of the JSON text of `[source, id]`, lower case. The same pair
 * always has the same id, and different pairs have different names, so retries are recognised for ever.
 */
export function eventIdOf(source: string, id: string): string {
  const name = Buffer.from(JSON.stringify([source, id]), 'utf8');
  const digest = hash('sha1', Buffer.concat([NAMESPACE, name]), 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 3) | 8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
