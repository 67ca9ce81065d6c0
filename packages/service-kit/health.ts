import { z } from 'zod';
import { Problem } from './problem.ts';
import type { App, Check } from './service.ts';

const CHECK_DEADLINE_MS = 1_000;

/** Liveness says that the process answers; readiness that everything it needs works. Both are open to everybody. */
export function healthRoutes(app: App, checks: readonly Check[]): void {
  const schema = (summary: string, body: z.ZodType) => ({
    summary,
    tags: ['operations'],
    response: { 200: body },
  });
  const live = schema('Whether the process answers', z.object({ status: z.literal('live') }));
  app.get(
    '/health/live',
    { schema: live, config: { access: 'public' } },
    async () => ({ status: 'live' }) as const,
  );

  const ready = schema('Whether everything the server needs works', Ready);
  let underWay: Promise<readonly CheckResult[]> | undefined;
  app.get('/health/ready', { schema: ready, config: { access: 'public' } }, async () => {
    if (app.shutdown.aborted) throw new Problem('shutting-down');
    // Whoever asks while the checks run gets the same answer: asking often must cost nothing.
    underWay ??= Promise.all(checks.map(run)).finally(() => {
      underWay = undefined;
    });
    const results = await underWay;
    if (results.every(({ ok }) => ok)) return { status: 'ready' as const, checks: [...results] };
    throw new Problem('not-ready', { members: { checks: results }, headers: { 'retry-after': '1' } });
  });
}

const Ready = z.object({
  status: z.literal('ready'),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), code: z.string().optional() })),
});

interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly code?: string;
}

/** Only the code of a failure is told: the address is public. */
async function run({ name, check }: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(resolve, CHECK_DEADLINE_MS, { name, ok: false, code: 'timeout' });
  });
  const outcome = Promise.resolve()
    .then(check)
    .then(() => ({ name, ok: true }))
    .catch((error: { code?: unknown } | undefined) => ({
      name,
      ok: false,
      ...(typeof error?.code === 'string' ? { code: error.code } : {}),
    }));
  return Promise.race([outcome, deadline]).finally(() => clearTimeout(timer));
}
