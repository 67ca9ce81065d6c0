import { join, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Where the files of one installation lie. Log and keys are apart on purpose: back them up apart. */
export interface DataFolder {
  readonly root: string;
  /** False where everything lies elsewhere: then the folder is not made, and need not be there. */
  readonly isInUse: boolean;
  /** The log. Losing it loses everything recorded. Absent where it is in a database elsewhere. */
  readonly log?: string;
  /**
   * Keys of data subjects, wrapped by the master key. Losing them loses every personal field. Absent where they are in a
   * database elsewhere.
   */
  readonly keys?: string;
  readonly masterKey: string;
  /** Can be deleted: rebuilt from the log at the next start. Absent where read models are in a database elsewhere. */
  readonly readModels?: string;
}

/** Places outside the data folder: `sqlite:` for the place inside it, `sqlite:<folder>` for another; `esdb://...` and `postgres://...` are none of files. */
export interface Places {
  readonly eventStore?: string | undefined;
  readonly keyStore?: string | undefined;
  readonly readStore?: string | undefined;
}

/** Names the files and makes the folders, readable by their owner alone. Throws `DataFolderError`. */
export function dataFolder(path: string, places: Places = {}): DataFolder {
  const root = resolve(path);
  const log = placeIn(root, 'log', 'TOUCHLINE_EVENT_STORE', places.eventStore);
  const keys = placeIn(root, 'keys', 'TOUCHLINE_KEY_STORE', places.keyStore);
  const readModels = placeIn(root, 'read-models', 'TOUCHLINE_READ_STORE', places.readStore);
  const isInUse = [log, keys, readModels].some(({ setting }) => setting === DATA);
  if (isInUse) makeFolder(root, DATA);
  for (const { folder, setting, isOfFiles } of [keys, log, readModels])
    if (isOfFiles) makeFolder(folder, setting);
  return {
    root,
    isInUse,
    ...(log.isOfFiles ? { log: join(log.folder, 'events.sqlite') } : {}),
    masterKey: join(keys.folder, 'master.key'),
    ...(keys.isOfFiles ? { keys: join(keys.folder, 'keys.sqlite') } : {}),
    ...(readModels.isOfFiles ? { readModels: readModels.folder } : {}),
  };
}

const DATA = 'TOUCHLINE_DATA';
const FOLDER = 'sqlite:';

interface Place {
  readonly folder: string;
  /** What would put it elsewhere. */
  readonly setting: string;
  /** False where it is a database elsewhere: the folder is the one it would have had. */
  readonly isOfFiles: boolean;
}

function placeIn(root: string, name: string, setting: string, place = FOLDER): Place {
  const inside = join(root, name);
  if (place === FOLDER) return { folder: inside, setting: DATA, isOfFiles: true };
  if (!place.startsWith(FOLDER)) return { folder: inside, setting, isOfFiles: false };
  return { folder: resolve(place.slice(FOLDER.length)), setting, isOfFiles: true };
}
