import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportScene, noteLines, readRejects } from '../testing/import-scene.ts';
import { startTouchline } from '../testing/run-touchline.ts';
import { EXIT_CODES } from './command-error.ts';

let scene: ImportScene;
beforeEach(async () => {
  scene = await ImportScene.open();
});
afterEach(() => scene.close());

describe('an import that was cut short goes on where it was', () => {
  test('after Ctrl-C, which waits for what is under way', async () => {
    const path = await scene.file('events.ndjson', noteLines(4_000).join('\n'));
    let answered = 0;
    let interrupt: () => void = () => {};
    scene.intake.beforeAnswer = () => {
      answered += 1;
      if (answered === 2) interrupt();
    };
    const running = startTouchline(['import', path, '--concurrency', '1'], scene.environment);
    interrupt = () => running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped).toMatchObject({
      code: EXIT_CODES.interrupted,
      stderr: expect.stringContaining('stopping after what is under way'),
    });
    expect(stopped.stdout).toContain('Run the same command again to go on from here.');
    const settled = scene.intake.events.size;
    expect(settled).toBeGreaterThan(0);
    expect(settled).toBeLessThan(4_000);
    const before = scene.intake.requests.length;
    const again = await scene.run(path, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      accepted: 4_000,
      duplicates: 0,
      files: [{ resumedAt: settled }],
    });
    expect(scene.intake.events.size).toBe(4_000);
    expect(scene.intake.requests.length - before).toBe(Math.ceil((4_000 - settled) / 1_000));
  });

  test('after a kill, at the cost of sending a few again; rejects are not listed twice', async () => {
    const lines = noteLines(5_000);
    lines[10] = '{"half';
    lines[4_990] = '{"half';
    const path = await scene.file('events.ndjson', lines.join('\n'));
    let answered = 0;
    let kill: () => void = () => {};
    scene.intake.beforeAnswer = () => {
      answered += 1;
      if (answered === 3) kill();
    };
    const running = startTouchline(['import', path, '--concurrency', '1'], scene.environment);
    kill = () => running.child.kill('SIGKILL');
    await running.ended;
    const again = await scene.run(path);
    expect(again.code).toBe(EXIT_CODES.rejects);
    expect(scene.intake.events.size).toBe(4_998);
    const rejects = await readRejects(`${path}.rejects.ndjson`);
    expect(rejects.map((reject) => reject.lines)).toEqual([[11], [4_991]]);
  });

  test('after the Touchline was away for longer than is waited for', async () => {
    const path = await scene.file('events.ndjson', noteLines(30).join('\n'));
    scene.intake.mishaps.push({ status: 403, detail: 'Not yours.' });
    const failed = await scene.run(path);
    expect(failed).toMatchObject({
      code: EXIT_CODES.failed,
      stdout: expect.stringContaining('answered 403: Not yours.'),
    });
    expect(await scene.run(path)).toMatchObject({ code: EXIT_CODES.done });
    expect(scene.intake.events.size).toBe(30);
  });

  test('but begins anew when the input has changed, or when told to', async () => {
    const lines = noteLines(3_000);
    const path = await scene.file('events.ndjson', lines.join('\n'));
    const stopAfterFirst = async (): Promise<void> => {
      scene.intake.mishaps.length = 0;
      let answered = 0;
      scene.intake.beforeAnswer = () => {
        answered += 1;
        if (answered === 1) scene.intake.mishaps.push({ status: 403 });
      };
      expect(await scene.run(path, '--concurrency', '1')).toMatchObject({ code: EXIT_CODES.failed });
      scene.intake.beforeAnswer = () => {};
    };
    await stopAfterFirst();
    expect(JSON.parse((await scene.run(path, '--json', '--restart')).stdout)).toMatchObject({
      accepted: 2_000,
      duplicates: 1_000,
    });
    scene.intake.events.clear();
    await stopAfterFirst();
    await writeFile(path, lines.slice(1).join('\n'));
    expect(JSON.parse((await scene.run(path, '--json')).stdout)).toMatchObject({
      accepted: 2_000,
      duplicates: 999,
    });
  });
});
