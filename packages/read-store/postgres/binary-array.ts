import { toStored } from './stored-text.ts';
import { BIGINT, TEXT } from './values.ts';

/** ndim, has nulls, element type, length, lower bound: as `array_recv` reads them. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const BIGINT_BYTES = 8;
/** A UTF-16 code unit in UTF-8. */
const MAX_UNIT_BYTES = 3;
const NULL = -1;
const HIGH = 2 ** 32;

/** One column's values as a binary parameter: nothing has to be quoted here, nor taken apart there. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let bytes = HEADER_BYTES;
  for (const value of values) bytes += LENGTH_BYTES + (value === null ? 0 : value.length * MAX_UNIT_BYTES);
  const buffer = header(bytes, TEXT, values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(NULL, at);
      continue;
    }
    const stored = toStored(value);
    const length = buffer.write(stored, at + LENGTH_BYTES);
    buffer.writeInt32BE(length, at);
    at += LENGTH_BYTES + length;
  }
  return buffer.subarray(0, at);
}

export function bigintArray(values: readonly (number | null)[]): Buffer {
  const buffer = header(HEADER_BYTES + values.length * (LENGTH_BYTES + BIGINT_BYTES), BIGINT, values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? NULL : BIGINT_BYTES, at);
    if (value === null) continue;
    at = buffer.writeInt32BE(Math.floor(value / HIGH), at);
    at = buffer.writeUInt32BE(value >>> 0, at);
  }
  return buffer.subarray(0, at);
}

function header(bytes: number, type: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
