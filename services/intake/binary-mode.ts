import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '@touchline/service-kit';

const PREFIX = 'ce-';

/** Whether the event's attributes stand in the headers (CloudEvents HTTP binding, section 3.1). */
export function isBinaryMode(headers: IncomingHttpHeaders): boolean {
  return (
    headers['ce-id'] !== undefined ||
    headers['ce-specversion'] !== undefined ||
    headers['ce-type'] !== undefined
  );
}

/**
 * The event whose attributes are the `ce-*` headers and whose data is the body. JSON is what is meant when nothing is
 * said, so that the same event sent in structured mode is recognised as a repeat; another type of content is kept.
 */
export function eventOf(headers: IncomingHttpHeaders, data: unknown): Record<string, unknown> {
  // Built from entries, because assigning to `__proto__` would lose the header instead of having it refused.
  const event: Record<string, unknown> = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), decoded(name, String(value))]] : [],
    ),
  );
  const mediaType = headers['content-type'];
  if (mediaType !== undefined && !/^application\/json\s*(;|$)/i.test(mediaType))
    event.datacontenttype = mediaType;
  event.data = data;
  return event;
}

/** Quotes are taken off, then percent-encoding is read once (section 3.1.3.2). */
function decoded(name: string, value: string): string {
  const quoted = /^"(.*)"$/s.exec(value.trim())?.[1];
  const text = quoted === undefined ? value : quoted.replace(/\\(.)/gs, '$1');
  // Node reads header bytes as Latin-1: what was sent as plain UTF-8 is put together again.
  const bytes = Buffer.from(text, 'latin1');
  const characters = isUtf8(bytes) ? bytes.toString('utf8') : text;
  try {
    return decodeURIComponent(characters);
  } catch {
    throw new Problem('invalid-header', {
      errors: [{ pointer: `/${name}`, detail: 'must be percent-encoded UTF-8', in: 'header' }],
    });
  }
}
