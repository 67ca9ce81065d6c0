import { randomUUID } from 'node:crypto';
import type { TestContext } from 'vitest';
import type {
  Append,
  AppendResult,
  EventStore,
  NewEvent,
  Position,
  Receipt,
  RecordedEvent,
} from '../event-store.ts';
import { type Capability, type Harness, isMissing, type Opener, type OpenHarness } from './harness.ts';
import { OtherProcess } from './other-process.ts';

/** The log may be one that others have used: ids and stream names are new in each test, and so is where it starts. */
export class LogUnderTest {
  readonly store: EventStore;
  /** Head of the log when the test began. */
  readonly start: Position;
  readonly #harness: Harness;
  readonly #context: TestContext;
  readonly #name = randomUUID();
  readonly #others: OtherProcess[] = [];

  static async open(open: OpenHarness, context: TestContext): Promise<LogUnderTest> {
    const harness = await open();
    return new LogUnderTest(harness, await harness.store.head(), context);
  }

  private constructor(harness: Harness, start: Position, context: TestContext) {
    this.store = harness.store;
    this.start = start;
    this.#harness = harness;
    this.#context = context;
  }

  readonly stream = (name = 'a'): string => `${this.#name}-${name}`;

  /** Everything appended since the test began. */
  async written(store: EventStore = this.store): Promise<readonly RecordedEvent[]> {
    return readOn(store, this.start);
  }

  /** Their ids in the order that the log promises to keep: as they are, or stream by stream. */
  inOrderKept(events: readonly InStream[]): readonly string[] {
    if (this.store.appendManyOrder === 'given') return idsOf(events);
    const byStream = Map.groupBy(events, ({ stream }) => stream);
    return [...byStream.keys()].toSorted().flatMap((stream) => idsOf(byStream.get(stream) ?? []));
  }

  async reopen(): Promise<EventStore> {
    const reopen = this.#need(this.#harness.reopen);
    await this.store.close();
    return reopen();
  }

  async elsewhere(): Promise<OtherProcess> {
    const opener: Opener = this.#need(this.#harness.elsewhere);
    const other = await OtherProcess.start(opener);
    this.#others.push(other);
    return other;
  }

  /** For what only holds where repeats are recognised under every expectation. */
  needExactIdempotency(): void {
    if (this.store.idempotency !== 'exact') {
      this.#context.skip('this log recognises repeats under `any` by best effort only');
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#others.map((other) => other.stop()));
    await this.#harness.close();
  }

  #need<Means>(capability: Capability<Means>): Means {
    return isMissing(capability) ? this.#context.skip(capability.missing) : capability;
  }
}

/** The body of a test that is given a log, and leaves none behind. */
export function onLog(
  open: OpenHarness,
  check: (log: LogUnderTest) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return async (context) => {
    const log = await LogUnderTest.open(open, context);
    try {
      await check(log);
    } finally {
      await log.close();
    }
  };
}

/** An event nobody has appended yet. */
export function newEvent(content: unknown = {}): NewEvent {
  const data = JSON.stringify({ content });
  return { id: randomUUID(), type: 'thing.happened.v1', fingerprint: `fp:${data}`.slice(0, 64), data };
}

export function newEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, (_, index) => newEvent(index));
}

/** The same id with other content. */
export function alteredFrom(event: NewEvent): NewEvent {
  return { ...event, fingerprint: 'fp:other', data: '"other"' };
}

/** Pages through the log to its end. */
export async function readOn(store: EventStore, after: Position): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let position = after; ; ) {
    const page = await store.readAll({ after: position });
    const last = page.at(-1);
    if (!last) return events;
    events.push(...page);
    position = last.position;
  }
}

export function receiptsOf(result: AppendResult | undefined): readonly Receipt[] {
  if (!result?.ok) throw new Error(`the append was not accepted: ${JSON.stringify(result)}`);
  return result.receipts;
}

export function onlyReceipt(result: AppendResult | undefined): Receipt {
  const [receipt, ...more] = receiptsOf(result);
  if (!receipt || more.length > 0) throw new Error('not one receipt');
  return receipt;
}

export interface InStream {
  readonly id: string;
  readonly stream: string;
}

export function eventsOf(appends: readonly Append[]): readonly InStream[] {
  return appends.flatMap(({ stream, events }) => events.map(({ id }) => ({ id, stream })));
}

export const idsOf = (events: readonly { readonly id: string }[]): readonly string[] =>
  events.map(({ id }) => id);
