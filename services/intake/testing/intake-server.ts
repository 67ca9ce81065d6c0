import type { AddressInfo } from 'node:net';
import type { Journal } from '@touchline/journal';
import { type App, adminTokens, createLogger, createServer } from '@touchline/service-kit';
import { catalogue } from '@touchline/touchpoints';
import { intake } from '../intake-service.ts';
import type { IntakeLimits } from '../limits.ts';

/** What tests of the front door share: a server around a given journal, at a fixed time. */
export const NOW = Date.parse('2026-11-22T09:00:00Z');
export const TOKEN = 'test-token-0123456789';
export const BEARER = { authorization: `Bearer ${TOKEN}` };
export const EVENT_TYPE = 'application/cloudevents+json';
export const BATCH_TYPE = 'application/cloudevents-batch+json';
export const LINES_TYPE = 'application/x-ndjson';

export function startIntake(
  journal: Pick<Journal, 'draft' | 'record' | 'head'>,
  limits: Partial<IntakeLimits> = {},
): Promise<App> {
  const keyRing = { find: async () => new Map() };
  const backing = { journal, keyRing, catalogue, clock: { now: () => NOW }, defaultRegion: 'CN', limits };
  return createServer({
    services: [{ service: intake, backing }],
    access: adminTokens(TOKEN),
    logger: createLogger({ level: 'silent' }),
    config: { host: '127.0.0.1', port: 0 },
    checkAnswers: true,
  });
}

/** The port it listens on; starts listening when it does not yet. */
export async function listen(app: App): Promise<number> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** A valid event that differs from others by its number. */
export function call(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    specversion: '1.0',
    id: `call-${number}`,
    source: '/pbx/hangzhou',
    type: 'touchline.call.completed.v1',
    time: '2026-11-21T10:00:00+08:00',
    department: 'service',
    subject: `tel:+86138001${String(number).padStart(5, '0')}`,
    data: { direction: 'inbound', durationSeconds: 60 + number, description: '问了送货时间' },
    ...more,
  };
}

export function lines(events: readonly unknown[]): string {
  return events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join('');
}
