import { z } from 'zod';
import { Problem } from './problem.ts';

const MAX_CURSOR_LENGTH = 2_048;

/** Opaque places in a list. */
export interface Cursor<Place> {
  encode(place: Place): string;
  /** Throws the problem `invalid-cursor` for anything that this kind of list did not answer. */
  decode(text: string): Place;
}

/** A kind of cursor. The version is part of it: when the meaning of a place changes, old cursors are refused. */
export function defineCursor<Place>(definition: {
  name: string;
  version: number;
  place: z.ZodType<Place>;
}): Cursor<Place> {
  const { name, version } = definition;
  const schema = z.tuple([z.literal(name), z.literal(version), definition.place]);
  return {
    encode: (place) => Buffer.from(JSON.stringify([name, version, place])).toString('base64url'),
    decode(text) {
      const parsed = schema.safeParse(text.length > MAX_CURSOR_LENGTH ? undefined : jsonIn(text));
      if (parsed.success) return parsed.data[2];
      throw new Problem('invalid-cursor', {
        errors: [{ pointer: '/cursor', detail: 'is not a cursor of this list', in: 'query' }],
      });
    },
  };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** What every list answers. `next` is the cursor of the following page, `null` on the last. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}
