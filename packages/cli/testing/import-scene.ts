import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeIntake, TOKEN } from './fake-intake.ts';
import { type Ended, runTouchline } from './run-touchline.ts';

/** A Touchline to import into, and a folder with files to import. */
export class ImportScene {
  readonly intake: FakeIntake;
  readonly folder: string;

  private constructor(intake: FakeIntake, folder: string) {
    this.intake = intake;
    this.folder = folder;
  }

  static async open(): Promise<ImportScene> {
    const intake = await FakeIntake.start();
    return new ImportScene(intake, await mkdtemp(join(tmpdir(), 'touchline-import-test-')));
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      TOUCHLINE_URL: this.intake.url,
      TOUCHLINE_TOKEN: TOKEN,
      TOUCHLINE_DATA: join(this.folder, 'data'),
    };
  }

  run(...args: readonly string[]): Promise<Ended> {
    return runTouchline(['import', ...args], this.environment);
  }

  async file(name: string, content: string | Buffer): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  async close(): Promise<void> {
    await this.intake.stop();
    await rm(this.folder, { recursive: true });
  }
}

/** Different touchpoints, one a line. */
export function noteLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      specversion: '1.0',
      id: String(index + 1),
      source: '/desk',
      type: 'touchline.note.added.v1',
      time: '2026-11-20T09:30:00+08:00',
      department: 'service',
      subject: `account:shop:${index % 50}`,
      data: { text: '下午联系' },
    }),
  );
}

export interface RejectLine {
  readonly lines: readonly number[];
  readonly reasons: readonly string[];
  readonly code: string;
}

export async function readRejects(path: string): Promise<readonly RejectLine[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RejectLine);
}
