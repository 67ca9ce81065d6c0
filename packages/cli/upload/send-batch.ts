import { z } from 'zod';
import { bodyOf } from './batches.ts';
import type { Entry, Reject } from './entry.ts';
import type { BatchRejection, BatchSummary, IntakeClient } from './intake-client.ts';

/** Sends the touchpoints of a batch, wherever they are checked. */
export type Sender = (entries: readonly Entry[], signal: AbortSignal) => Promise<SentEntries>;

export interface SentEntries {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejects: readonly Reject[];
  readonly position: string | undefined;
}

/** Sends through intake; what is too large for one request is sent in halves. */
export function intakeSender(client: IntakeClient): Sender {
  const send: Sender = async (entries, signal) => {
    if (entries.length === 0) return { accepted: 0, duplicates: 0, rejects: [], position: undefined };
    const outcome = await client.send(bodyOf(entries), signal);
    if (outcome.ok) return sentOf(outcome.summary, entries);
    const [only] = entries;
    if (entries.length === 1 && only)
      return { accepted: 0, duplicates: 0, rejects: [tooLarge(only)], position: undefined };
    const middle = Math.ceil(entries.length / 2);
    const first = await send(entries.slice(0, middle), signal);
    const second = await send(entries.slice(middle), signal);
    return {
      accepted: first.accepted + second.accepted,
      duplicates: first.duplicates + second.duplicates,
      rejects: [...first.rejects, ...second.rejects],
      position: second.position ?? first.position,
    };
  };
  return send;
}

function sentOf(summary: BatchSummary, entries: readonly Entry[]): SentEntries {
  const { accepted, duplicates, position } = summary;
  return {
    accepted,
    duplicates,
    rejects: summary.rejections.map((rejection) => rejectOf(rejection, entries)),
    position: position ?? undefined,
  };
}

const fieldError = z.object({ pointer: z.string(), detail: z.string() });

function rejectOf(rejection: BatchRejection, entries: readonly Entry[]): Reject {
  const { index, code, errors, source, id } = rejection;
  const entry = entries[index];
  return {
    lines: entry?.lines ?? [],
    code,
    reasons: reasonsOf(rejection),
    ...(source ? { source } : {}),
    ...(id ? { id } : {}),
    ...(errors ? { errors } : {}),
    ...(entry ? { content: contentOf(entry) } : {}),
  };
}

/** In the words of intake, without the place it names: that is one in the request, not in the file. */
function reasonsOf({ code, detail, errors }: BatchRejection): readonly string[] {
  const said = (errors ?? []).flatMap((error) => {
    const { data } = fieldError.safeParse(error);
    return data === undefined ? [] : [`${data.pointer} ${data.detail}`];
  });
  return said.length > 0 ? said : [detail?.replace(/^Line \d+: /, '') ?? code];
}

function tooLarge(entry: Entry): Reject {
  const reason = `its ${entry.json.length} bytes are more than is accepted`;
  return { lines: entry.lines, code: 'payload-too-large', reasons: [reason] };
}

function contentOf({ json }: Entry): unknown {
  const text = json.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
