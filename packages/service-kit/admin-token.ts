import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.ts';

const FILE = 'admin-token';

type AdminTokenErrorCode =
  | 'admin-token-missing'
  | 'admin-token-unreadable'
  | 'admin-token-unwritable'
  | 'admin-token-damaged';

/** There is no token, or the token file cannot be used. */
export class AdminTokenError extends Error {
  override readonly name = 'AdminTokenError';
  readonly isRetryable = false;
  readonly code: AdminTokenErrorCode;

  constructor(code: AdminTokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The administrator's token of an installation: `TOUCHLINE_ADMIN_TOKEN`, else the file in the data folder. Where log or keys
 * are on a server no file is made, because services on other machines would each make one of their own and refuse one
 * another: `admin-token-missing`.
 */
export function adminTokenOf(
  config: Pick<Config, 'adminToken' | 'dataFolder' | 'eventStore' | 'keyStore'>,
): string {
  if (config.adminToken !== undefined) return config.adminToken;
  const isOnOneMachine = [config.eventStore, config.keyStore].every((place) => place.startsWith('sqlite:'));
  if (isOnOneMachine) return readAdminToken(config.dataFolder).token;
  const file = join(config.dataFolder, FILE);
  const token = readToken(file);
  if (token !== undefined) return token;
  throw new AdminTokenError(
    'admin-token-missing',
    `TOUCHLINE_ADMIN_TOKEN is not set, and there is no ${file}. Log or keys are on a server, so services may run on several ` +
      'machines and must know the same token: make one (openssl rand -hex 32) and set it for all of them',
  );
}

/**
 * The administrator's token: from the file `admin-token` in the data folder (mode 0600), created when there is none.
 * Processes that start at once agree on one token. `created` says that it is new and should be shown.
 */
export function readAdminToken(dataFolder: string): { readonly token: string; readonly created: boolean } {
  const file = join(dataFolder, FILE);
  const existing = readToken(file);
  if (existing !== undefined) return { token: existing, created: false };
  const created = createToken(dataFolder, file);
  const token = readToken(file);
  if (token === undefined)
    throw new AdminTokenError('admin-token-unreadable', `${file} vanished while starting`);
  return { token, created };
}

function readToken(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw new AdminTokenError('admin-token-unreadable', `${file} cannot be read`, { cause });
  }
  if (!/^[\x21-\x7e]{16,512}$/.test(text)) {
    throw new AdminTokenError(
      'admin-token-damaged',
      `${file} holds no token: delete it, and a new one is created`,
    );
  }
  closeToOthers(file);
  return text;
}

/** A file that was copied about may have lost its mode. On a read-only file system nothing can be done about it. */
function closeToOthers(file: string): void {
  if ((statSync(file).mode & 0o077) === 0) return;
  try {
    chmodSync(file, 0o600);
  } catch (cause) {
    if (hasCode(cause, 'EROFS') || hasCode(cause, 'EPERM')) return;
    throw new AdminTokenError('admin-token-unreadable', `${file} cannot be closed to others`, { cause });
  }
}

/** Writes beside the file and links it into place, so that nobody ever reads half a token. Answers whether ours won. */
function createToken(dataFolder: string, file: string): boolean {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    const descriptor = openSync(draft, 'wx', 0o600);
    try {
      writeSync(descriptor, `tl_${randomBytes(32).toString('base64url')}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    return linkIntoPlace(draft, file);
  } catch (cause) {
    throw new AdminTokenError('admin-token-unwritable', `${file} cannot be written`, { cause });
  }
}

function linkIntoPlace(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
