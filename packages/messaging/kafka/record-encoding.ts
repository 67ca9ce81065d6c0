import { createRequire } from 'node:module';

/** A message as kafkajs hands it to its encoder. */
export interface RecordToEncode {
  readonly offsetDelta?: number;
  readonly timestampDelta?: number;
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderContent | readonly HeaderContent[]>>;
}

/** What kafkajs reads of an encoder. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

type HeaderContent = string | Buffer | null;
type RecordEncoder = (record: RecordToEncode) => EncodedRecord;
type Header = readonly [name: string, content: string | Buffer];

const NOTHING = -1;
const CONTINUES = 0x80;
const LOW_BITS = 0x7f;
const GROUP_BITS = 7;

/**
 * kafkajs 2.2.4 encodes each record and each of its headers into a buffer of its own of half a kilobyte, at six times the
 * cost. Here a record is measured, and written into one buffer that fits. What we never send (times,
 * several headers of one name) is left to kafkajs.
 */
export function installRecordEncoder(): void {
  const require = createRequire(import.meta.url);
  const place = 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
  const original = require(place) as RecordEncoder;
  if (original.name === encodeRecord.name) return;
  function encodeRecord(record: RecordToEncode): EncodedRecord {
    return encodeAtOnce(record) ?? original(record);
  }
  // Whoever makes requests is loaded with the first of them, and finds this one.
  const loaded = require.cache[require.resolve(place)];
  if (loaded) loaded.exports = encodeRecord;
}

/** As Kafka's message format, version 2, has it. Nothing where it is not for us. */
function encodeAtOnce({ offsetDelta = 0, timestampDelta = 0, key, value, headers }: RecordToEncode) {
  const all = headersOf(headers);
  if (timestampDelta !== 0 || all === undefined) return undefined;
  const body = bodyBytes(offsetDelta, key, value, all);
  const bytes = Buffer.allocUnsafe(varintBytes(body) + body);
  // Attributes and difference of time: two bytes of zero.
  let at = bytes.writeUInt16LE(0, writeVarint(bytes, body, 0));
  at = writeVarint(bytes, offsetDelta, at);
  at = writeSized(bytes, key, at);
  at = writeSized(bytes, value, at);
  at = writeVarint(bytes, all.length, at);
  for (const [name, content] of all) at = writeSized(bytes, content, writeSized(bytes, name, at));
  return { buf: bytes, buffer: bytes };
}

function headersOf(headers: RecordToEncode['headers'] = {}): readonly Header[] | undefined {
  const all: Header[] = [];
  for (const name in headers) {
    const content = headers[name];
    if (typeof content !== 'string' && !Buffer.isBuffer(content)) return undefined;
    all.push([name, content]);
  }
  return all;
}

function bodyBytes(
  offsetDelta: number,
  key: RecordToEncode['key'],
  value: RecordToEncode['value'],
  headers: readonly Header[],
): number {
  let bytes =
    2 + varintBytes(offsetDelta) + sizedBytes(key) + sizedBytes(value) + varintBytes(headers.length);
  for (const [name, content] of headers) bytes += sizedBytes(name) + sizedBytes(content);
  return bytes;
}

function sizedBytes(content: HeaderContent | undefined): number {
  if (content === null || content === undefined) return 1;
  const size = Buffer.byteLength(content);
  return varintBytes(size) + size;
}

function writeSized(bytes: Buffer, content: HeaderContent | undefined, at: number): number {
  if (content === null || content === undefined) return writeVarint(bytes, NOTHING, at);
  const start = writeVarint(bytes, Buffer.byteLength(content), at);
  return start + (typeof content === 'string' ? bytes.write(content, start) : content.copy(bytes, start));
}

/** Zigzag: small negative numbers are small as well. */
function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = zigzag(value) >>> GROUP_BITS; rest > 0; rest >>>= GROUP_BITS) bytes += 1;
  return bytes;
}

function writeVarint(bytes: Buffer, value: number, at: number): number {
  let rest = zigzag(value);
  let end = at;
  for (; rest > LOW_BITS; rest >>>= GROUP_BITS) bytes[end++] = (rest & LOW_BITS) | CONTINUES;
  bytes[end++] = rest;
  return end;
}
