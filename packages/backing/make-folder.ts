import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataFolderError } from './data-folder-error.ts';

/**
 * Makes a folder that its owner alone may read, unless it is there, and sees that it can be written. `setting` names
 * what would put it elsewhere. Throws `DataFolderError`.
 */
export function makeFolder(folder: string, setting: string): void {
  try {
    // Said first: making a folder on a read-only file system fails as if its parent were missing.
    accessSync(nearestExisting(folder), constants.W_OK);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw unusable(folder, setting, cause);
  }
}

function nearestExisting(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestExisting(parent);
}

function unusable(folder: string, setting: string, cause: unknown): DataFolderError {
  const { code = 'unknown' } = cause as { code?: string };
  const elsewhere = `set ${setting} to another folder`;
  switch (code) {
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new DataFolderError(
        'data-folder-read-only',
        `${folder} cannot be written (${code}): make it writable for this user, or ${elsewhere}`,
        { cause },
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new DataFolderError(
        'data-folder-full',
        `there is no room for ${folder}: make room on its disk, or ${elsewhere}`,
        { cause },
      );
    default:
      return new DataFolderError(
        'data-folder-unusable',
        `${folder} is no folder and cannot be made one (${code}): ${elsewhere}`,
        { cause },
      );
  }
}
