import contact from './fixtures/v1/contact.json' with { type: 'json' };
import delivery from './fixtures/v1/delivery.json' with { type: 'json' };
import feedback from './fixtures/v1/feedback.json' with { type: 'json' };
import finance from './fixtures/v1/finance.json' with { type: 'json' };
import party from './fixtures/v1/party.json' with { type: 'json' };
import promise from './fixtures/v1/promise.json' with { type: 'json' };
import record from './fixtures/v1/record.json' with { type: 'json' };
import sales from './fixtures/v1/sales.json' with { type: 'json' };
import service from './fixtures/v1/service.json' with { type: 'json' };
import type { Body, Line } from './touchpoint.ts';

/** An event as a producer sends it. */
export interface Example {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly department: string;
  readonly authid?: string;
  readonly data: Body;
}

/** An example of a type with all of its own fields, and the title it must have for ever. */
export interface Fixture {
  readonly touchpoint: Example;
  readonly title: Line;
}

/** One per type and version. Kept for ever: what was recorded once must stay readable. */
export const fixtures: readonly Fixture[] = [
  contact,
  sales,
  delivery,
  finance,
  service,
  promise,
  feedback,
  party,
  record,
].flat() as unknown as readonly Fixture[];

/** By type, in the order of the catalogue. Times lie in November 2026. */
export const examples: ReadonlyMap<string, Example> = new Map(
  fixtures.map(({ touchpoint }) => [touchpoint.type, touchpoint]),
);
