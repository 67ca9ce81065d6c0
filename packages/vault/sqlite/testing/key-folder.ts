import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyRing } from '../../key-ring.ts';
import { openSqliteKeyRing, type SqliteKeyRingOptions } from '../sqlite-key-ring.ts';

export const MASTER_KEY = Buffer.alloc(32, 7);

/** A folder for one test, with the key rings opened in it. */
export class KeyFolder {
  readonly path: string;
  readonly #rings: KeyRing[] = [];

  constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<KeyFolder> {
    return new KeyFolder(await mkdtemp(join(tmpdir(), 'touchline-vault-')));
  }

  get file(): string {
    return join(this.path, 'keys.sqlite');
  }

  async open(options: Partial<SqliteKeyRingOptions> = {}): Promise<KeyRing> {
    const ring = await openSqliteKeyRing({ file: this.file, masterKey: MASTER_KEY, ...options });
    this.#rings.push(ring);
    return ring;
  }

  /** The content of every file, one after the other. */
  async bytes(): Promise<Buffer> {
    const names = await readdir(this.path);
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(this.path, name)))));
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#rings.map((ring) => ring.close()));
    await rm(this.path, { recursive: true, force: true });
  }
}
