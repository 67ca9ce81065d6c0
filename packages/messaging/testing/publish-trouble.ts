import { MessagingError } from '../errors.ts';
import type { Message } from '../messaging.ts';
import type { MemoryTopic } from './memory-topic.ts';

const MAX_MESSAGE_BYTES = 1_048_576;

/** A call of `publish` that fails before anything is stored, or after all of it is. */
export type PublishFault = 'refused' | 'acknowledgement-lost';

export interface OrderedFault {
  readonly fault: PublishFault;
  /** Of one topic when it is named. */
  readonly topic?: string;
}

/** What happens to calls of `publish`, as the test orders it. */
export class PublishTrouble {
  /** Of the next calls, first one first. */
  readonly faults: OrderedFault[] = [];
  maxMessageBytes = MAX_MESSAGE_BYTES;
  /** Calls so far. */
  calls = 0;
  /** Awaited before each call is answered. */
  beforeAnswer: () => Promise<void> = async () => {};

  /** Resolves when the messages are acknowledged. What stands before a message that is too large is stored. */
  async store(target: MemoryTopic, messages: readonly Message[], signal?: AbortSignal): Promise<void> {
    this.calls += 1;
    const fault = this.#nextOf(target.need.topic);
    if (fault === 'refused') throw new MessagingError('messaging-unavailable', 'refused');
    const large = messages.findIndex(({ value }) => Buffer.byteLength(value ?? '') > this.maxMessageBytes);
    target.append(large < 0 ? messages : messages.slice(0, large));
    if (large >= 0) throw new MessagingError('message-too-large', `message ${large} is too large`);
    await abortable(this.beforeAnswer(), signal);
    if (fault !== undefined) throw new MessagingError('messaging-timeout', 'no acknowledgement');
  }

  #nextOf(name: string): PublishFault | undefined {
    const at = this.faults.findIndex(({ topic }) => topic === undefined || topic === name);
    return at < 0 ? undefined : this.faults.splice(at, 1)[0]?.fault;
  }
}

function abortable(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  const { promise, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}
