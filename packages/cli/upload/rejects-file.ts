import { type FileHandle, open } from 'node:fs/promises';
import { CommandError } from '../commands/command-error.ts';
import type { Reject } from './entry.ts';

/**
 * NDJSON of what was rejected: line numbers, reasons, content. Made when there is something to write. It may hold
 * personal data: only its owner may read it.
 */
export class RejectsFile implements AsyncDisposable {
  readonly path: string;
  #file: FileHandle | undefined;
  #bytes: number;

  /** `keepBytes`: what an earlier, interrupted run had settled; the rest of the file is overwritten. */
  constructor(path: string, keepBytes = 0) {
    this.path = path;
    this.#bytes = keepBytes;
  }

  /** Bytes written so far. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  async write(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    this.#file ??= await this.#open();
    const text = Buffer.from(rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
    await this.#file.write(text, 0, text.length, this.#bytes);
    this.#bytes += text.length;
  }

  async #open(): Promise<FileHandle> {
    try {
      const file = await open(this.path, this.#bytes === 0 ? 'w' : 'r+', 0o600);
      await file.truncate(this.#bytes);
      return file;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new CommandError(
        'failed',
        `Cannot write rejects to ${this.path}: ${reason}. Choose another file with --rejects.`,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
  }
}
