import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { touchline as command } from '../support/command-line.ts';
import { everyShape } from '../support/every-shape.ts';
import type { Installation } from '../support/shapes.ts';
import { letsIn, makeToken, statusWith } from '../support/tokens.ts';
import type { TouchlineProcess } from '../support/touchline-process.ts';
import { until } from '../support/until.ts';

/** A change is noticed within a second and a reading of the store; the rest is for a busy machine. */
const NOTICED_WITHIN_MS = 5_000;

describe.each(await everyShape())('tokens, $shape', ({ install }) => {
  let touchline: Installation;
  beforeAll(async () => {
    touchline = await install();
  });
  afterAll(() => touchline?.close());

  const replay = () => touchline.at('/v1/tokens');
  const everyService = () => touchline.services.map((service) => touchline.named(service));
  const everyAnswer = (token: string) => Promise.all(everyService().map((process) => letsIn(process, token)));
  const all = <T>(answer: T) => touchline.services.map(() => answer);
  const becomes = (token: string, expected: 'known' | 'refused') =>
    until(
      async () => (await everyAnswer(token)).every((isLetIn) => isLetIn === (expected === 'known')),
      `it is ${expected} everywhere`,
      NOTICED_WITHIN_MS,
    );
  const revoke = (id: string) => replay().json(`/v1/tokens/${id}`, { method: 'DELETE' });

  test('one that is made at one service works at every other, and at none when it is revoked', async () => {
    const { id, token } = await makeToken(replay(), 'all services');
    expect(await statusWith(replay(), token)).toBe(200);
    await becomes(token, 'known');
    await revoke(id);
    expect(await statusWith(replay(), token)).toBe(401);
    await becomes(token, 'refused');
    await revoke(id);
  });

  test('one that expires stops at every service', async () => {
    const expires = new Date(Date.now() + NOTICED_WITHIN_MS + 1_000).toISOString();
    const { token } = await makeToken(replay(), 'for a moment', expires);
    await becomes(token, 'known');
    await until(() => Date.now() >= Date.parse(expires), 'it expires');
    expect(await everyAnswer(token)).toEqual(all(false));
  });

  test('survive a crash of every process, as do their sessions, which end with them', async () => {
    const { id, token } = await makeToken(replay(), 'survives');
    await becomes(token, 'known');
    const sessions = await Promise.all(everyService().map((process) => signIn(process, token)));
    await touchline.crash();
    expect(await everyAnswer(token)).toEqual(all(true));
    const bySession = () =>
      Promise.all(everyService().map((process, at) => statusOf(process, sessions[at] ?? '')));
    expect(await bySession()).toEqual(all(200));
    await revoke(id);
    await becomes(token, 'refused');
    expect(await bySession()).toEqual(all(401));
  });

  test('are made, listed and revoked from a shell', async () => {
    const run = (...args: string[]) =>
      command(['token', ...args], { url: replay().origin, dataFolder: touchline.dataFolder });
    const made = await run('create', '--role', 'admin', '--name', 'shell', '--expires', '90d');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^tl_[\w-]{43}\n$/) });
    const token = made.stdout.trim();
    await becomes(token, 'known');
    const listed = await run('list', '--json');
    const { items } = JSON.parse(listed.stdout) as { items: { id: string; name: string }[] };
    const [shell] = items.filter(({ name }) => name === 'shell');
    expect(shell).toMatchObject({ role: 'admin', createdby: 'admin', revokedtime: null });
    expect(listed.stdout).not.toContain(token);
    expect(await run('revoke', shell?.id ?? '')).toMatchObject({ code: 0 });
    await becomes(token, 'refused');
    expect((await run('create', '--role', 'owner', '--name', 'x')).stderr).toContain('there are: admin');
  });

  test('leave no trace of themselves in the log of any process', async () => {
    const { id, token } = await makeToken(replay(), 'Li Lei, laptop');
    await revoke(id);
    await until(() => replay().output.includes('token revoked'), 'it is logged');
    for (const { output } of everyService()) expect(output).not.toMatch(new RegExp(`${token}|Li Lei`));
  });
});

/** Types the token into the sign-in page; answers the session. */
async function signIn({ origin }: TouchlineProcess, token: string): Promise<string> {
  const answer = await fetch(new URL(`/?token=${token}`, origin), { redirect: 'manual' });
  expect(answer.status).toBe(303);
  return /=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
}

/** Cookies are named after the port that was asked for: any at the first start, and the same one ever after. */
async function statusOf({ origin }: TouchlineProcess, session: string): Promise<number> {
  const cookie = ['0', new URL(origin).port].map((port) => `touchline_session_${port}=${session}`).join('; ');
  return (await fetch(new URL('/openapi.json', origin), { headers: { cookie } })).status;
}
