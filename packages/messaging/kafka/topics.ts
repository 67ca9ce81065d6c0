import { setTimeout as delay } from 'node:timers/promises';
import kafkajs, { type Admin, type ITopicConfig, type ResourceConfigQuery } from 'kafkajs';
import { MessagingError } from '../errors.ts';
import type { TopicNeed } from '../messaging.ts';
import { protocolTypeOf } from './kafka-errors.ts';

const FOR_EVER = '-1';
const BROKERS_CHOICE = -1;
const UNKNOWN_YET = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'];
const MAX_LOOKS = 8;
const LOOK_PAUSE_MS = 100;
const NOT_ALLOWED = ['TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED', 'POLICY_VIOLATION'];

/** Makes the topics that are missing, answers which those were, and holds those that are there against what is needed. */
export async function ensureTopics(admin: Admin, needs: readonly TopicNeed[]): Promise<readonly string[]> {
  const present = new Set(await admin.listTopics());
  const missing = needs.filter(({ topic }) => !present.has(topic));
  const made: string[] = [];
  for (const need of missing) if (await make(admin, need)) made.push(need.topic);
  await demandFitness(
    admin,
    needs.filter(({ topic }) => !made.includes(topic)),
  );
  return made;
}

/** Throws `topic-missing` when there is none of that name. */
export async function demandTopic(admin: Admin, topic: string): Promise<void> {
  const isThere = async () => ((await admin.listTopics()).includes(topic) ? true : undefined);
  if (await lookAgain(isThere)) return;
  throw new MessagingError('topic-missing', `there is no topic ${topic}, or it may not be seen by this user`);
}

/** `false` when another process was faster. */
async function make(admin: Admin, need: TopicNeed): Promise<boolean> {
  try {
    // Its own waiting fails when the broker it asks has not heard of the topic yet.
    const isMade = await admin.createTopics({ topics: [topicOf(need)], waitForLeaders: false });
    await lookAgain(() => leaders(admin, need.topic));
    return isMade;
  } catch (failure) {
    if (!NOT_ALLOWED.includes(protocolTypeOf(failure) ?? '')) throw failure;
    const message = `topic ${need.topic} is missing and this user may not make it; create it: ${commandFor(need)}`;
    throw new MessagingError('topic-missing', message, { cause: failure });
  }
}

/** Retention of a topic that is there is its operator's affair; whether it is compacted decides about what is kept. */
async function demandFitness(admin: Admin, needs: readonly TopicNeed[]): Promise<void> {
  const policies = await cleanupPolicies(admin, needs);
  for (const need of needs) {
    const policy = policies.get(need.topic);
    const wanted = policyOf(need);
    if (policy === undefined || policy === wanted) continue;
    const message = `topic ${need.topic} has cleanup.policy=${policy} and would lose messages; it takes ${wanted}`;
    throw new MessagingError('topic-unfit', message);
  }
}

/** Of the topics whose settings this user may see. */
async function cleanupPolicies(
  admin: Admin,
  needs: readonly TopicNeed[],
): Promise<ReadonlyMap<string, string>> {
  const configNames = ['cleanup.policy'];
  const type = kafkajs.ConfigResourceTypes.TOPIC;
  const resources = needs.map(({ topic }) => ({ type, name: topic, configNames }));
  if (resources.length === 0) return new Map();
  try {
    const described = await lookAgain(() => describe(admin, resources));
    const policies = (described?.resources ?? []).flatMap(({ resourceName, configEntries }) =>
      configEntries.map(({ configValue }) => [resourceName, configValue] as const),
    );
    return new Map(policies);
  } catch (failure) {
    if (!NOT_ALLOWED.includes(protocolTypeOf(failure) ?? '')) throw failure;
    return new Map();
  }
}

/** `undefined` while a topic that another process has just made is not known yet. */
async function describe(admin: Admin, resources: ResourceConfigQuery[]) {
  try {
    return await admin.describeConfigs({ includeSynonyms: false, resources });
  } catch (failure) {
    if (UNKNOWN_YET.includes(protocolTypeOf(failure) ?? '')) return undefined;
    throw failure;
  }
}

/** `undefined` while there is not one for each partition. */
async function leaders(admin: Admin, topic: string): Promise<readonly number[] | undefined> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const found = topics.flatMap(({ partitions }) => partitions.map(({ leader }) => leader));
    return found.length > 0 && found.every((leader) => leader >= 0) ? found : undefined;
  } catch (failure) {
    if (UNKNOWN_YET.includes(protocolTypeOf(failure) ?? '')) return undefined;
    throw failure;
  }
}

/** Brokers learn of a new topic one after the other. */
async function lookAgain<Answer>(look: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
  for (let looks = 1; looks < MAX_LOOKS; looks++) {
    const answer = await look();
    if (answer !== undefined) return answer;
    await delay(LOOK_PAUSE_MS);
  }
  return look();
}

function topicOf(need: TopicNeed): ITopicConfig {
  const configEntries = Object.entries(settingsOf(need)).map(([name, value]) => ({ name, value }));
  return {
    topic: need.topic,
    numPartitions: need.partitions,
    replicationFactor: BROKERS_CHOICE,
    configEntries,
  };
}

function policyOf({ retention }: TopicNeed): 'compact' | 'delete' {
  return retention === 'compact' ? 'compact' : 'delete';
}

function settingsOf(need: TopicNeed): Readonly<Record<string, string>> {
  const { retention } = need;
  const policy = { 'cleanup.policy': policyOf(need) };
  if (retention === 'compact') return policy;
  if (retention === 'for-ever') return { ...policy, 'retention.ms': FOR_EVER, 'retention.bytes': FOR_EVER };
  return { ...policy, 'retention.ms': String(retention.forMs) };
}

function commandFor(need: TopicNeed): string {
  const settings = Object.entries(settingsOf(need)).map(([name, value]) => ` --config ${name}=${value}`);
  return `kafka-topics --create --topic ${need.topic} --partitions ${need.partitions}${settings.join('')}`;
}
