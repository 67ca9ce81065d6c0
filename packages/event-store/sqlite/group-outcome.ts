import type { AppendResult, NewEvent, Receipt } from '../event-store.ts';
import type { GroupedAppend } from './commit-group.ts';
import { type CommittedGroup, type GroupRejection, toActual } from './writer-protocol.ts';

/** Collects what becomes of a group, event by event, in the order of the group. */
export class GroupOutcome {
  readonly #positions: number[] = [];
  readonly #versions: number[] = [];
  readonly #repeats: number[] = [];
  readonly #rejections: GroupRejection[] = [];

  stored(position: number, version: number): void {
    this.#positions.push(position);
    this.#versions.push(version);
  }

  repeated(position: number, version: number): void {
    this.#repeats.push(this.#positions.length);
    this.stored(position, version);
  }

  rejectReuse(append: GroupedAppend, reusedId: string): void {
    this.#reject(append, { append: append.index, reusedId });
  }

  rejectRevision(append: GroupedAppend, actual: number): void {
    this.#reject(append, { append: append.index, actual });
  }

  get committed(): CommittedGroup {
    return {
      positions: this.#positions,
      versions: this.#versions,
      repeats: this.#repeats,
      rejections: this.#rejections,
    };
  }

  #reject(append: GroupedAppend, rejection: GroupRejection): void {
    this.#rejections.push(rejection);
    for (const _event of append.events) this.stored(0, 0);
  }
}

/** Reads a committed group back as results, append by append, in the order of the group. */
export class ResultReader {
  readonly #group: CommittedGroup;
  #append = 0;
  #event = 0;
  #repeat = 0;
  #rejection = 0;

  constructor(group: CommittedGroup) {
    this.#group = group;
  }

  next(events: readonly NewEvent[]): AppendResult {
    const rejection = this.#group.rejections[this.#rejection];
    const isRejected = rejection?.append === this.#append;
    this.#append += 1;
    if (!isRejected) return { ok: true, receipts: events.map((event) => this.#receipt(event.id)) };
    this.#rejection += 1;
    this.#event += events.length;
    return toResult(rejection);
  }

  #receipt(id: string): Receipt {
    const { positions, versions, repeats } = this.#group;
    const position = BigInt(positions[this.#event] ?? 0);
    const version = versions[this.#event] ?? 0;
    const duplicate = repeats[this.#repeat] === this.#event;
    if (duplicate) this.#repeat += 1;
    this.#event += 1;
    return { id, position, version, duplicate };
  }
}

function toResult(rejection: GroupRejection): AppendResult {
  return 'reusedId' in rejection
    ? { ok: false, code: 'event-id-reused', id: rejection.reusedId }
    : { ok: false, code: 'wrong-expected-revision', actual: toActual(rejection.actual) };
}
