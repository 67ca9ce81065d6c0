import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adminTokens, createServer } from '@touchline/service-kit';
import { composeStandalone } from '@touchline/standalone';
import { beforeAll, describe, expect, test } from 'vitest';
import { processContext } from '../test/support/process-context.ts';

const TOKEN = 'test-token-0123456789';
/** A relay has its measures also while no broker answers. */
const NOWHERE = 'kafka://127.0.0.1:1';
/** What Prometheus itself knows of a target. */
const OF_TARGETS = /\bup\{job="touchline"\}/;
/** Metrics of other makers that rules and dashboard use as well. */
const OTHERS = /\b(?:nodejs|process)_\w+/g;
const OURS = /\btouchline_\w+/g;

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

let shown: ReadonlySet<string>;
let rules: string;
let panels: readonly Panel[];

beforeAll(async () => {
  rules = await read('./prometheus/rules.yml');
  panels = JSON.parse(await read('./grafana/touchline.json')).panels;
  shown = await metricsShown();
});

/** What a whole Touchline shows at `/metrics`; histograms also under the names of their parts. */
async function metricsShown(): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-measures-'));
  const context = await processContext({ TOUCHLINE_DATA: folder, TOUCHLINE_KAFKA: NOWHERE });
  const { services, close } = await composeStandalone(context);
  const app = await createServer({ services, access: adminTokens(TOKEN), ...context });
  const { body } = await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${TOKEN}` } });
  await app.close();
  await close();
  await rm(folder, { recursive: true });
  const types = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const parts = ['_bucket', '_sum', '_count'];
  return new Set(
    types.flatMap(([, name = '', type]) => [
      name,
      ...(type === 'histogram' ? parts.map((part) => name + part) : []),
    ]),
  );
}

const missing = (text: string) =>
  [...text.matchAll(OURS), ...text.matchAll(OTHERS)].map(([name]) => name).filter((name) => !shown.has(name));

describe('alerts', () => {
  const alerts = () => rules.split(/^ {6}- alert: /m).slice(1);
  const field = (alert: string, name: string) => new RegExp(`^ +${name}: (.+)$`, 'm').exec(alert)?.[1];

  test('name only metrics that are shown', () => {
    const expressions = alerts().map((alert) => field(alert, 'expr') ?? '');
    expect(expressions.length).toBeGreaterThan(7);
    expect(expressions.flatMap(missing)).toEqual([]);
    const ofNothing = expressions.filter(
      (expression) => !/\b(?:touchline|nodejs|process)_/.test(expression) && !OF_TARGETS.test(expression),
    );
    expect(ofNothing).toEqual([]);
  });

  test('are whole: how bad it is, what it is, what to do', () => {
    for (const alert of alerts()) {
      const [name] = alert.split('\n');
      expect([name, field(alert, 'labels')]).toEqual([
        name,
        expect.stringMatching(/severity: (critical|warning)/),
      ]);
      expect([name, field(alert, 'summary')]).toEqual([name, expect.stringMatching(/\w/)]);
      expect([name, field(alert, 'what_to_do')]).toEqual([name, expect.stringMatching(/\w/)]);
      expect(name).toMatch(/^Touchline\w+$/);
    }
  });

  test('are there for what must not be', () => {
    for (const metric of [
      'up{job="touchline"} == 0',
      'skipped_events_total',
      'behind_seconds',
      'parked_subjects',
      'log_readable',
      'relay_lag_events',
      'relay_leads',
      'relay_failures_total',
      'relay_damaged_events_total',
    ])
      expect(rules).toContain(metric);
  });
});

describe('the dashboard', () => {
  test('asks only for metrics that are shown', () => {
    expect(panels.length).toBeGreaterThan(10);
    expect(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => missing(expr)))).toEqual([]);
  });

  test('shows every metric of log, read models, projector, relay and files', () => {
    const asked = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => expr.match(OURS) ?? []));
    const ours = [...shown].filter((name) =>
      /^touchline_(?:log|read_model|projector|relay|wal|storage)_/.test(name),
    );
    // Shown as the rate of what projectors fold; and an alert, not a curve.
    const elsewhere = ['touchline_read_model_folded_events', 'touchline_log_readable'];
    expect(ours.filter((name) => !asked.includes(name) && !elsewhere.includes(name))).toEqual([]);
  });

  test('has room for each panel', () => {
    for (const [at, a] of panels.entries()) {
      expect([a.title, a.gridPos.x + a.gridPos.w]).toEqual([
        a.title,
        expect.toSatisfy((right: number) => right <= 24),
      ]);
      for (const b of panels.slice(at + 1)) {
        const [p, q] = [a.gridPos, b.gridPos];
        const overlaps = p.x < q.x + q.w && q.x < p.x + p.w && p.y < q.y + q.h && q.y < p.y + p.h;
        expect([a.title, b.title, overlaps]).toEqual([a.title, b.title, false]);
      }
    }
  });
});
