import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AccessTokens } from './access.ts';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Between two looks at how late the event loop is, and the least it is said to be. At ten it wakes a process at rest a hundred times a second. */
const LOOP_DELAY_MS = 50;

/** Measures of one server: of the process (with its event loop delay), and of its requests by route pattern. */
export class Metrics {
  readonly registry = new Registry();
  readonly #durations: Histogram<'method' | 'route' | 'status'>;
  readonly #problems: Counter<'code'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LOOP_DELAY_MS });
    this.#durations = new Histogram({
      name: 'touchline_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last byte of its answer',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers: [this.registry],
    });
    this.#problems = new Counter({
      name: 'touchline_http_problems_total',
      help: 'Problems answered, by code',
      labelNames: ['code'],
      registers: [this.registry],
    });
  }

  /** Takes the durations of one route. The labels of each status are looked up once. */
  requests(method: string, route: string): (status: number, durationMs: number) => void {
    const byStatus = new Map<number, { observe(seconds: number): void }>();
    return (status, durationMs) => {
      let series = byStatus.get(status);
      if (series === undefined) {
        series = this.#durations.labels(method, route, String(status));
        byStatus.set(status, series);
      }
      series.observe(durationMs / 1000);
    };
  }

  /** Whether every token that counts is known, asked when measures are. */
  tokens(access: Pick<AccessTokens, 'isComplete'>): void {
    new Gauge({
      name: 'touchline_tokens_read',
      help: 'Whether the store of tokens can be read: 1, or 0 while new tokens are not known and revoked ones count',
      registers: [this.registry],
      collect() {
        this.set(access.isComplete ? 1 : 0);
      },
    });
  }

  problem(code: string): void {
    this.#problems.inc({ code });
  }
}
