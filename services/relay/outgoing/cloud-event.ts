import type { RecordedTouchpoint } from '@touchline/journal';
import type { Message } from '@touchline/messaging';

/** How a CloudEvent lies in a message (CloudEvents Kafka protocol binding 1.0, sections 3.2 and 3.3). */
export type ContentMode = 'structured' | 'binary';

const STRUCTURED_TYPE = 'application/cloudevents+json; charset=UTF-8';
const JSON_TYPE = 'application/json';
/** Where even its document cannot be read, nobody knows who sent it, and a CloudEvent needs a source. */
const UNKNOWN_SOURCE = '/touchline/log';

/** The message of one touchpoint as it can be read now, keyed by data subject; what is erased or damaged says so. */
export function touchpointMessage(recorded: RecordedTouchpoint, mode: ContentMode): Message {
  const { data, ...attributes } = recorded.touchpoint;
  const envelope = {
    ...attributes,
    source: attributes.source === '' ? UNKNOWN_SOURCE : attributes.source,
    recordedtime: new Date(recorded.recordedAt).toISOString(),
    eventid: recorded.eventid,
    position: String(recorded.position),
    ...(recorded.erased ? { erased: true } : {}),
    ...(recorded.damage === undefined ? {} : { damage: recorded.damage }),
  };
  const marks = marksOf(recorded);
  return mode === 'structured'
    ? {
        key: recorded.subject,
        value: bytesOf({ ...envelope, data }),
        headers: { 'content-type': STRUCTURED_TYPE, ...marks },
      }
    : {
        key: recorded.subject,
        value: bytesOf(data),
        headers: { ...attributeHeaders(envelope), ...marks },
      };
}

/** Bytes at once: as a text it would be measured by everybody on its way, and turned into bytes at the end all the same. */
function bytesOf(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content));
}

function marksOf({ position, eventid, erased, damage }: RecordedTouchpoint): Record<string, string> {
  return {
    'touchline-position': String(position),
    'touchline-eventid': eventid,
    ...(erased ? { 'touchline-erased': 'true' } : {}),
    ...(damage === undefined ? {} : { 'touchline-damage': damage }),
  };
}

function attributeHeaders({
  datacontenttype,
  ...attributes
}: Readonly<Record<string, unknown>>): Record<string, string> {
  const named = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return {
    'content-type': typeof datacontenttype === 'string' ? datacontenttype : JSON_TYPE,
    ...Object.fromEntries(named.map(([name, value]) => [`ce_${name}`, textOf(value)])),
  };
}

/** CloudEvents knows scalars only; what else an unknown extension holds is kept as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
