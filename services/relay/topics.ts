import type { TopicNeed } from '@touchline/messaging';

/** The topics the relay feeds and reads. */
export interface RelayTopics {
  readonly touchpoints: string;
  readonly customers: string;
  readonly intake: string;
  readonly rejected: string;
}

const PARTITIONS = 12;
const DAY_MS = 86_400_000;
/** What is opened lies open in the broker: no longer than consumers may be away. Older ones are republished. */
const TOUCHPOINTS_MS = 7 * DAY_MS;
/** Long enough to be looked at after a holiday. */
const REJECTED_MS = 14 * DAY_MS;

export function relayTopics(prefix: string): RelayTopics {
  return {
    touchpoints: `${prefix}touchpoints.v1`,
    customers: `${prefix}customers.v1`,
    intake: `${prefix}intake.v1`,
    rejected: `${prefix}intake.rejected.v1`,
  };
}

/** Who shares the partitions of the intake's topic: of that topic only, since members of a group must all read the same. */
export function intakeGroup({ intake }: RelayTopics): string {
  return `${intake}.relay`;
}

export function topicNeeds({ touchpoints, customers, intake, rejected }: RelayTopics): readonly TopicNeed[] {
  return [
    { topic: touchpoints, partitions: PARTITIONS, retention: { forMs: TOUCHPOINTS_MS } },
    { topic: customers, partitions: PARTITIONS, retention: 'compact' },
    { topic: intake, partitions: PARTITIONS, retention: { forMs: TOUCHPOINTS_MS } },
    { topic: rejected, partitions: PARTITIONS, retention: { forMs: REJECTED_MS } },
  ];
}

/** A topic that a range of the log is replayed to. */
export function republicationNeed(topic: string): TopicNeed {
  return { topic, partitions: PARTITIONS, retention: { forMs: TOUCHPOINTS_MS } };
}
