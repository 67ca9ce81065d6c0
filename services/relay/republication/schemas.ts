import { PositionText } from '@touchline/service-kit';
import { z } from 'zod';
import type { Republication } from './republication.ts';

const CustomerId = z.string().regex(/^[0-9a-f]{24}$/, 'must be a customer id: 24 lower-case hex digits');

export const RepublicationOrderSchema = z.strictObject({
  from: PositionText.describe('Position of the first event'),
  to: PositionText.optional().describe('Position of the last event; where the log ends when it is left out'),
  customer: CustomerId.optional().describe('Only touchpoints of this customer'),
  topic: z
    .string()
    .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/, 'must be a topic: 1 to 249 letters, digits, ., _ and -')
    .describe('Made when it is not there'),
  mode: z.enum(['structured', 'binary'], 'must be structured or binary').optional(),
  force: z.boolean().default(false).describe('Also to a topic that the relay itself feeds or reads'),
});

export const RepublicationSchema = z
  .object({
    job: z.uuid(),
    state: z.enum(['running', 'done', 'failed', 'cancelled']),
    topic: z.string(),
    mode: z.enum(['structured', 'binary']),
    from: z.string(),
    to: z.string(),
    position: z.string().describe('Of the last event looked at'),
    events: z.int().describe('Events looked at'),
    total: z.int().describe('Events of the range'),
    published: z.int().describe('Messages the broker has acknowledged'),
    percent: z.number(),
    rate: z.number().describe('Events a second'),
    eta: z.number().nullable().describe('Seconds that are left'),
    seconds: z.number(),
    failure: z.string().nullable().describe('Code of what fails or failed'),
  })
  .meta({ id: 'Republication' });

export function presentRepublication(job: Republication, now: number): z.infer<typeof RepublicationSchema> {
  const { order, looked, total } = job;
  const seconds = Math.max(0, (job.endedAt ?? now) - job.startedAt) / 1_000;
  const rate = seconds === 0 ? 0 : Math.round(looked / seconds);
  const isRunning = job.state === 'running';
  return {
    job: job.job,
    state: job.state,
    topic: order.topic,
    mode: order.mode,
    from: String(order.from),
    to: String(order.to),
    position: String(job.position),
    events: looked,
    total,
    published: job.published,
    percent: job.state === 'done' ? 100 : total === 0 ? 0 : Math.min(100, (100 * looked) / total),
    rate,
    eta: isRunning && rate > 0 ? Math.max(0, total - looked) / rate : null,
    seconds,
    failure: job.failure ?? null,
  };
}
