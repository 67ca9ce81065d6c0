import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the files of one installation lie. Log and keys are apart on purpose: back them up apart. */
export interface DataFolder {
  readonly root: string;
  /** The log. Losing it loses everything recorded. */
  readonly log: string;
  /** Keys of data subjects, wrapped by the master key. Losing them loses every personal field. */
  readonly keys: string;
  readonly masterKey: string;
  /** Can be deleted: rebuilt from the log at the next start. */
  readonly readModels: string;
}

/** Names the files and makes the folders, readable by their owner alone. */
export function dataFolder(path: string): DataFolder {
  const root = resolve(path);
  const folder = {
    root,
    log: join(root, 'log', 'events.sqlite'),
    keys: join(root, 'keys', 'keys.sqlite'),
    masterKey: join(root, 'keys', 'master.key'),
    readModels: join(root, 'read-models'),
  };
  for (const name of ['log', 'keys', 'read-models'])
    mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  return folder;
}
