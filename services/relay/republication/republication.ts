import type { ContentMode } from '../outgoing/cloud-event.ts';

export type RepublicationState = 'running' | 'done' | 'failed' | 'cancelled';

/** What is to be published again. */
export interface RepublicationOrder {
  /** Positions, both inclusive. */
  readonly from: bigint;
  readonly to: bigint;
  readonly topic: string;
  readonly mode: ContentMode;
  /** Only touchpoints of these data subjects. */
  readonly subjects?: readonly string[];
}

/** One replay of a range of the log, and how far it is. */
export interface Republication {
  readonly job: string;
  readonly order: RepublicationOrder;
  readonly startedAt: number;
  state: RepublicationState;
  /** Position of the last event looked at; one before the range while there is none. */
  position: bigint;
  /** Events of the range, and those looked at. */
  total: number;
  looked: number;
  /** Messages that the broker has acknowledged. */
  published: number;
  endedAt?: number;
  /** Code of what failed last. */
  failure?: string;
}
