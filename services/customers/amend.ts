import { isDeepStrictEqual } from 'node:util';
import { Problem } from '@touchline/service-kit';
import { type Catalogue, isAmendable, parseIdentifier } from '@touchline/touchpoints';
import type { Said } from './commands.ts';
import type { Command } from './decide.ts';
import type { Directory, KnownEntry } from './directory.ts';

export interface AmendParts {
  readonly directory: Directory;
  readonly catalogue: Pick<Catalogue, 'parseBody'>;
  readonly defaultRegion?: string | undefined;
}

type AmendSaid = Said & { readonly eventid: string };

/** The body of a record should have been another. It is held against the record's type as if it were recorded now. */
export async function correct(
  said: AmendSaid & { readonly data: unknown },
  { directory, catalogue, defaultRegion }: AmendParts,
): Promise<Command> {
  const { entry, ...command } = await amendmentOf(said, directory);
  const fits = catalogue.parseBody(entry.type, said.data, { defaultRegion });
  if (!fits.ok) throw new Problem('invalid-touchpoint', { errors: fits.errors });
  return {
    ...command,
    type: 'touchline.record.corrected.v1',
    data: { ...command.data, replacement: fits.body },
    // The correction made last counts: one that a fast clock dated ahead must not outlive what a person says about it.
    notBefore: entry.corrected === undefined ? 0 : Date.parse(entry.corrected.time) + 1,
    isAlreadySo: async () => {
      if (entry.retracted !== undefined) throw alreadyRetracted();
      return isDeepStrictEqual(entry.data, fits.body);
    },
  };
}

/** A record no longer holds, for good. */
export async function retract(said: AmendSaid, { directory }: AmendParts): Promise<Command> {
  const { entry, ...command } = await amendmentOf(said, directory);
  return {
    ...command,
    type: 'touchline.record.retracted.v1',
    isAlreadySo: async () => entry.retracted !== undefined,
  };
}

/**
 * It is recorded under the data subject of what it amends, so that one key seals both and shredding it leaves nothing
 * of either.
 */
async function amendmentOf({ eventid, department, reason }: AmendSaid, directory: Directory) {
  const target = eventid.toLowerCase();
  const entry = await entryOf(target, directory);
  const { identifier } = entry;
  if (identifier === null) throw erased();
  const isReference = !parseIdentifier(identifier).ok;
  return {
    entry,
    department,
    concerns: [identifier],
    subject: isReference ? undefined : identifier,
    data: { target, reason, ...(isReference && { about: [identifier] }) },
  };
}

async function entryOf(eventid: string, directory: Directory): Promise<KnownEntry> {
  const entry = await directory.entry(eventid);
  const place = { pointer: '/eventid', in: 'path' } as const;
  if (entry === undefined) {
    throw new Problem('unknown-entry', {
      errors: [{ ...place, detail: 'must be the event id of a record, from its receipt' }],
    });
  }
  if (isAmendable(entry.type)) return entry;
  throw new Problem('not-amendable', {
    detail: entry.type.startsWith('touchline.record.')
      ? 'A correction is put right by correcting the record again; a retraction stands: record anew what should hold.'
      : 'A decision about who is who is undone by another decision.',
    errors: [{ ...place, detail: `is a ${entry.type}` }],
  });
}

function alreadyRetracted(): Problem {
  const detail =
    'Nothing brings a retracted record back, so there is nothing to correct: record anew what should hold.';
  return new Problem('entry-retracted', { detail });
}

function erased(): Problem {
  const detail = 'What its customer was known by is gone, so nothing can be recorded about it any more.';
  return new Problem('entry-erased', { detail });
}
