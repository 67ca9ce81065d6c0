/** A CloudEvent of the sample, in the language's version 1. */
export interface SampleEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly department: string;
  readonly subject?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly authid?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event and when it reaches the log, in milliseconds since the epoch: never before it happened. */
export interface Arrival {
  readonly happenedAt: number;
  readonly arrivesAt: number;
  readonly event: SampleEvent;
}
