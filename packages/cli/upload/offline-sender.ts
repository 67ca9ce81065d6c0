import { catalogue } from '@touchline/touchpoints';
import type { Entry, Reject } from './entry.ts';
import type { Sender } from './send-batch.ts';

/** Checks touchpoints against the catalogue that came with this command, without any Touchline running. */
export function offlineSender(now: () => number): Sender {
  return async (entries) => {
    const rejects = entries.flatMap((entry) => check(entry, now()));
    return { accepted: entries.length - rejects.length, duplicates: 0, rejects, position: undefined };
  };
}

function check(entry: Entry, now: number): readonly Reject[] {
  const event = parse(entry.json.toString());
  if (event === undefined) return [{ lines: entry.lines, code: 'malformed-json', reasons: ['is not JSON'] }];
  const result = catalogue.parse(event, { now });
  if (result.ok) return [];
  const reasons = result.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
  return [{ lines: entry.lines, code: result.code, reasons, errors: result.errors, content: event }];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
