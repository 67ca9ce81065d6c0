import { join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Where the files of one installation lie. Log and keys are apart on purpose: back them up apart. */
export interface DataFolder {
  readonly root: string;
  /** The log. Losing it loses everything recorded. Absent where the log is in a database elsewhere. */
  readonly log?: string;
  /** Keys of data subjects, wrapped by the master key. Losing them loses every personal field. */
  readonly keys: string;
  readonly masterKey: string;
  /** Can be deleted: rebuilt from the log at the next start. Absent where read models are in a database elsewhere. */
  readonly readModels?: string;
}

/** Places outside the data folder: `sqlite:` for the place inside it, `sqlite:<folder>` for another; `esdb://...` and `postgres://...` are none of files. */
export interface Places {
  readonly eventStore?: string | undefined;
  readonly readStore?: string | undefined;
}

/** Names the files and makes the folders, readable by their owner alone. Throws `DataFolderError`. */
export function dataFolder(path: string, places: Places = {}): DataFolder {
  const root = resolve(path);
  const otherLog = folderOf(places.eventStore);
  const otherReadModels = folderOf(places.readStore);
  const hasLog = places.eventStore === undefined || isFolder(places.eventStore);
  const hasReadModels = places.readStore === undefined || isFolder(places.readStore);
  const log = otherLog ?? join(root, 'log');
  const readModels = otherReadModels ?? join(root, 'read-models');
  const keys = join(root, 'keys');
  makeFolder(root, 'TOUCHLINE_DATA');
  makeFolder(keys, 'TOUCHLINE_DATA');
  if (hasLog) makeFolder(log, otherLog === undefined ? 'TOUCHLINE_DATA' : 'TOUCHLINE_EVENT_STORE');
  if (hasReadModels)
    makeFolder(readModels, otherReadModels === undefined ? 'TOUCHLINE_DATA' : 'TOUCHLINE_READ_STORE');
  return {
    root,
    ...(hasLog ? { log: join(log, 'events.sqlite') } : {}),
    keys: join(keys, 'keys.sqlite'),
    masterKey: join(keys, 'master.key'),
    ...(hasReadModels ? { readModels } : {}),
  };
}

const FOLDER = 'sqlite:';

function isFolder(place: string): boolean {
  return place.startsWith(FOLDER);
}

function folderOf(place: string | undefined): string | undefined {
  if (place === undefined || !isFolder(place) || place === FOLDER) return undefined;
  return resolve(place.slice(FOLDER.length));
}
