import { Counter, Gauge, type Registry } from '@touchline/service-kit';
import { CUSTOMERS } from './outgoing/customer-output.ts';
import { TOUCHPOINTS } from './outgoing/touchpoint-output.ts';
import type { Relay } from './relay.ts';

/** What the relay has done and how far it is, read when somebody asks for `/metrics`. */
export function registerRelayMeasures(registry: Registry, relay: Relay): void {
  const registers = [registry];
  const { measures } = relay;
  new Counter({
    name: 'touchline_relay_published_total',
    help: 'Messages the broker has acknowledged, by output',
    labelNames: ['output'],
    registers,
    collect() {
      this.reset();
      for (const [output, count] of measures.published) this.inc({ output }, count);
    },
  });
  new Counter({
    name: 'touchline_relay_failures_total',
    help: 'Failures that were tried again, by part and code',
    labelNames: ['part', 'code'],
    registers,
    collect() {
      this.reset();
      for (const { part, code, count } of measures.failures.values()) this.inc({ part, code }, count);
    },
  });
  new Counter({
    name: 'touchline_relay_received_total',
    help: 'Touchpoints taken in by what became of them; rejected: messages',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(measures.received)) this.inc({ outcome }, count);
    },
  });
  new Counter({
    name: 'touchline_relay_damaged_events_total',
    help: 'Events published only as far as they could be read',
    registers,
    collect() {
      this.reset();
      this.inc(measures.damagedEvents);
    },
  });
  registerStanding(registry, relay);
}

function registerStanding(registry: Registry, relay: Relay): void {
  const registers = [registry];
  new Gauge({
    name: 'touchline_relay_leads',
    help: '1 in the process that publishes, 0 in those that wait to take over',
    registers,
    collect() {
      this.set(relay.measures.leads ? 1 : 0);
    },
  });
  new Gauge({
    name: 'touchline_relay_lag_events',
    help: 'Events of the log after the checkpoint of the output',
    labelNames: ['output'],
    registers,
    async collect() {
      const { checkpoints, journal } = relay.parts;
      this.reset();
      for (const output of [TOUCHPOINTS, CUSTOMERS]) {
        try {
          const after = (await checkpoints.position(output)) ?? 0n;
          this.set({ output }, await journal.count({ after }));
        } catch {
          // Not shown rather than wrong; the other measures of the process are shown all the same.
        }
      }
    },
  });
}
