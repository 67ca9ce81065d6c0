import { makeCustomer } from './customer.ts';
import { Diary } from './diary.ts';
import { Random } from './random.ts';
import type { Arrival, SampleEvent } from './sample-event.ts';
import { STORIES, type Story, shareTelephone } from './stories/story.ts';

const DAY_MS = 86_400_000;
/** How far back the sample reaches. */
const SPAN_MS = 2 * 365 * DAY_MS;
const REPEATED = 0.005;
const MAX_REPEAT_DELAY_MS = 2 * DAY_MS;
const TOTAL_WEIGHT = STORIES.reduce((sum, [, weight]) => sum + weight, 0);

export interface Cohort {
  /** Index of its first customer. */
  readonly first: number;
  readonly size: number;
  readonly events: number;
  readonly seed: number;
  /** Milliseconds since the epoch; nothing happens later. */
  readonly until: number;
}

/** Everything that happens to some customers, in the order of arrival, with repeats. */
export function* tellCohort(cohort: Cohort): Generator<SampleEvent> {
  const random = new Random(cohort.seed, 3, cohort.first);
  const arrivals: Arrival[] = [];
  for (const [index, count] of shares(cohort, random)) arrivals.push(...tellCustomer(cohort, index, count));
  for (const arrival of [...arrivals]) {
    if (!random.chance(REPEATED)) continue;
    arrivals.push({ ...arrival, arrivesAt: arrival.arrivesAt + random.whole(1_000, MAX_REPEAT_DELAY_MS) });
  }
  arrivals.sort((a, b) => a.arrivesAt - b.arrivesAt || compare(a.event.id, b.event.id));
  for (const { event } of arrivals) yield event;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * How many events each customer gets. The first customers of all have one story told from beginning to end, as far
 * as half of the events reach; all share the rest, few getting much and many little.
 */
function shares(cohort: Cohort, random: Random): Map<number, number> {
  const result = new Map<number, number>();
  const indexes = Array.from({ length: cohort.size }, (_, offset) => cohort.first + offset);
  let left = cohort.events;
  for (const index of indexes) {
    const story = openingStory(index);
    const length = story === undefined ? 0 : tellOpening(cohort, index, story).arrivals.length;
    const isTold = length > 0 && left - length >= cohort.events / 2;
    result.set(index, isTold ? length : 0);
    if (isTold) left -= length;
  }
  const weights = indexes.map(() => 0.2 + random.next() ** 4 * 8);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let given = 0;
  let cumulated = 0;
  for (const [position, index] of indexes.entries()) {
    cumulated += weights[position] ?? 0;
    const upTo = position === indexes.length - 1 ? left : Math.round((left * cumulated) / total);
    result.set(index, (result.get(index) ?? 0) + upTo - given);
    given = upTo;
  }
  return result;
}

function openingStory(index: number): Story | undefined {
  // The first two share a telephone; then each story once.
  return index < 2 ? shareTelephone : STORIES[index - 2]?.[0];
}

function tellOpening({ seed, until }: Cohort, index: number, story: Story): Diary {
  const random = new Random(seed, 4, index);
  const diary = new Diary(
    makeCustomer(seed, index),
    random,
    until - SPAN_MS + random.whole(0, 60 * DAY_MS),
    true,
  );
  story(diary);
  diary.isThorough = false;
  return diary;
}

/** Story after story until there are enough events; what is left over at the end has not happened yet. */
function tellCustomer(cohort: Cohort, index: number, count: number): readonly Arrival[] {
  const { seed, until } = cohort;
  const opening = openingStory(index);
  const random = new Random(seed, 5, index);
  // More are new than old, so that some are in the middle of something at the end.
  const begin = until - DAY_MS - Math.floor(random.next() ** 2 * (SPAN_MS - DAY_MS));
  const diary =
    opening === undefined
      ? new Diary(makeCustomer(seed, index), random, begin)
      : tellOpening(cohort, index, opening);
  const opened = diary.arrivals.splice(0);
  if (opened.length >= count) return inTime(opened, until, count);
  const stories = diary.customer.sharesPhone && opening === undefined ? [shareTelephone] : [];
  let happened = opened.length;
  while (happened < count) {
    const story = stories.pop() ?? pickStory(random);
    if (diary.now >= until) startWithin(diary, begin, until);
    const from = diary.arrivals.length;
    story(diary);
    for (let at = from; at < diary.arrivals.length; at++) {
      if ((diary.arrivals[at]?.happenedAt ?? until + 1) <= until) happened += 1;
    }
    diary.days(1, 60);
  }
  return [...opened, ...inTime(diary.arrivals, until, count - opened.length)];
}

function startWithin(diary: Diary, begin: number, until: number): void {
  diary.now = begin + diary.random.whole(0, until - begin - 1);
  diary.hours(0, 1);
}

function inTime(arrivals: readonly Arrival[], until: number, count: number): readonly Arrival[] {
  return arrivals
    .filter(({ happenedAt }) => happenedAt <= until)
    .sort((a, b) => a.happenedAt - b.happenedAt)
    .slice(0, count);
}

function pickStory(random: Random): Story {
  let at = random.next() * TOTAL_WEIGHT;
  for (const [story, weight] of STORIES) {
    at -= weight;
    if (at < 0) return story;
  }
  throw new Error('the weights of the stories do not add up');
}
