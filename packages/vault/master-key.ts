import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MASTER_KEY_BYTES } from './key-wrap.ts';
import { VaultError } from './vault-error.ts';

/** Far more than any way of writing 32 bytes. */
const MAX_KEY_FILE_BYTES = 1024;
const OTHERS_MASK = 0o077;

export interface MasterKeySource {
  /** Value of `TOUCHLINE_MASTER_KEY`: 32 bytes in base64 or hex. Empty counts as not given. Goes before the file. */
  readonly value?: string | undefined;
  /** The key file: one line of base64 or hex, mode 0600. Created with a new key at the first start. */
  readonly file: string;
  /**
   * Where the wrapped keys lie. While it holds any, a missing key file is an error and never a new key. Without it the
   * keys are on a server that other machines use too, and no key file is ever made.
   */
  readonly keysFile?: string;
}

/**
 * The key that wraps all others, 32 bytes. Durable when answered; two processes that start at once get the same.
 *
 * Throws `VaultError`: `master-key-malformed` (not 32 bytes of base64 or hex), `master-key-exposed` (others may
 * read the file), `master-key-missing` (there are keys but not the one that opens them), `master-key-unwritable`.
 */
export async function loadMasterKey(source: MasterKeySource): Promise<Buffer> {
  const value = source.value?.trim();
  if (value) return parseMasterKey(value, 'TOUCHLINE_MASTER_KEY');
  const existing = await readKeyFile(source.file);
  if (existing) return existing;
  if (source.keysFile === undefined) throw notGiven(source.file);
  if (await holdsData(source.keysFile)) return readAfterOther(source.file, source.keysFile);
  await createKeyFile(source.file);
  const created = await readKeyFile(source.file);
  if (created) return created;
  throw new VaultError('master-key-unwritable', `${source.file} disappeared while it was being created.`);
}

/** Another process may have created both files since we looked; it writes the key file first. */
async function readAfterOther(file: string, keysFile: string): Promise<Buffer> {
  const key = await readKeyFile(file);
  if (key) return key;
  throw new VaultError(
    'master-key-missing',
    `${keysFile} holds keys, but ${file}, which opens them, is missing. Restore it from its backup, or set ` +
      'TOUCHLINE_MASTER_KEY to its content. A new master key would open none of the personal data recorded so far.',
  );
}

function notGiven(file: string): VaultError {
  return new VaultError(
    'master-key-missing',
    `TOUCHLINE_MASTER_KEY is not set, and there is no ${file}. Keys on a server are wrapped by one master key that every ` +
      'process is given: set the one they were made with. For a new installation make one (openssl rand -base64 32), ' +
      'and keep a copy in a safe place.',
  );
}

function parseMasterKey(text: string, origin: string): Buffer {
  const isHex = text.length === MASTER_KEY_BYTES * 2 && /^[0-9a-f]+$/i.test(text);
  if (!isHex && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) {
    throw new VaultError('master-key-malformed', `${origin} is neither base64 nor hex.`);
  }
  const key = Buffer.from(text, isHex ? 'hex' : 'base64');
  if (key.length === MASTER_KEY_BYTES) return key;
  throw new VaultError(
    'master-key-malformed',
    `${origin} holds ${key.length} bytes; a master key has ${MASTER_KEY_BYTES} (44 characters of base64 or 64 of hex).`,
  );
}

async function readKeyFile(file: string): Promise<Buffer | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new VaultError('master-key-missing', `${file} cannot be read.`, { cause });
  }
  try {
    await refuseExposed(handle, file);
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(MAX_KEY_FILE_BYTES),
      0,
      MAX_KEY_FILE_BYTES,
      0,
    );
    return parseMasterKey(buffer.toString('latin1', 0, bytesRead).trim(), file);
  } finally {
    await handle.close();
  }
}

async function refuseExposed(handle: FileHandle, file: string): Promise<void> {
  const status = await handle.stat();
  if (!status.isFile()) throw new VaultError('master-key-malformed', `${file} is not a file.`);
  // Windows has no such modes: every file looks readable by all.
  if (process.platform === 'win32' || (status.mode & OTHERS_MASK) === 0) return;
  const mode = (status.mode & 0o777).toString(8).padStart(4, '0');
  throw new VaultError(
    'master-key-exposed',
    `${file} has mode ${mode}, so others may read it. Run: chmod 600 ${file}`,
  );
}

/** Written aside and linked into place: the file is there complete or not at all, and the first process wins. */
async function createKeyFile(file: string): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeDurably(aside, `${randomBytes(MASTER_KEY_BYTES).toString('base64')}\n`);
    await link(aside, file).catch((cause: unknown) => {
      if (codeOf(cause) !== 'EEXIST') throw cause;
    });
  } catch (cause) {
    throw new VaultError('master-key-unwritable', `${file} cannot be created.`, { cause });
  } finally {
    await rm(aside, { force: true });
  }
  await syncFolder(dirname(file));
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name is durable only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** An empty file is what a crash between creating it and writing the first page leaves. */
async function holdsData(file: string): Promise<boolean> {
  return stat(file).then(
    (status) => status.size > 0,
    (error: unknown) => codeOf(error) !== 'ENOENT',
  );
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
