import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isErrorCode } from '../commands/command-error.ts';

const resumePoint = z.object({
  /** Of the input and mapping it belongs to. */
  fingerprint: z.string(),
  input: z.string(),
  /** Items from the start of the input that are settled. */
  items: z.int().min(0),
  accepted: z.int().min(0),
  duplicates: z.int().min(0),
  rejected: z.int().min(0),
  rejectsBytes: z.int().min(0),
});

/** How far an import got. Losing it costs time only: what is sent again is recognised as a duplicate. */
export type ResumePoint = z.infer<typeof resumePoint>;

/** Where the progress of one import (of one input, with one mapping, into one Touchline) is remembered. */
export class ResumeFile {
  readonly #path: string;
  readonly #fingerprint: string;
  readonly #input: string;

  private constructor(path: string, fingerprint: string, input: string) {
    this.#path = path;
    this.#fingerprint = fingerprint;
    this.#input = input;
  }

  /** In the data folder: the folder of the input may be read-only, or somebody else's. */
  static async of(dataFolder: string, input: string, mappingText: string, url: string): Promise<ResumeFile> {
    const path = resolve(input);
    const { size, mtimeMs } = await stat(path);
    const name = hash([path, url]).slice(0, 24);
    const fingerprint = hash([path, url, String(size), String(mtimeMs), mappingText]);
    return new ResumeFile(join(dataFolder, 'imports', `${name}.json`), fingerprint, path);
  }

  /** Nothing when there is none, or the input or the mapping has changed since. */
  async read(): Promise<ResumePoint | undefined> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (isErrorCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    const parsed = resumePoint.safeParse(text === undefined ? undefined : parseOrNothing(text));
    return parsed.success && parsed.data.fingerprint === this.#fingerprint ? parsed.data : undefined;
  }

  /** Replaces the file in one step, so that a kill leaves the old or the new one. */
  async write(point: Omit<ResumePoint, 'fingerprint' | 'input'>): Promise<void> {
    await mkdir(join(this.#path, '..'), { recursive: true, mode: 0o700 });
    const draft = `${this.#path}.${process.pid}`;
    const document: ResumePoint = { fingerprint: this.#fingerprint, input: this.#input, ...point };
    await writeFile(draft, JSON.stringify(document), { mode: 0o600 });
    await rename(draft, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
