import { Folder, type Load, type OnTouched, type Refusal } from './folder.ts';
import type { Generation, TableChanges } from './generation.ts';
import type { Foldable, ReadModel } from './projection.ts';

/** What became of a step. */
export interface Progress {
  /** The checkpoint before it. */
  readonly from: bigint;
  readonly position: bigint;
  /** Events of this step. */
  readonly events: number;
  /** Of these, dropped because an earlier event of the log has their id; see `ReadModel.idOf`. */
  readonly repeats: number;
  /** No more events were waiting when the step was made. */
  readonly caughtUp: boolean;
}

export interface StepsOptions<Event extends Foldable> {
  readonly readModel: ReadModel<Event>;
  readonly generation: Generation;
  readonly maxCachedRows: number;
  readonly onStep: (progress: Progress) => void;
  readonly onTouched?: OnTouched | undefined;
  readonly maxParkedListed: number;
}

/** Another projector moved the checkpoint; nothing was written. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

/**
 * Events folded and written step by step. One step may be on its way to the database while the next is folded. After any
 * failure memory and database have parted: nothing may be folded or written until `restart`.
 */
export class Steps<Event extends Foldable> {
  readonly #options: StepsOptions<Event>;
  #folder: Folder<Event> | undefined;
  #position = 0n;
  #committed = 0;
  #folded = 0n;
  #events = 0;
  #repeats = 0;
  #stagedRows = 0;
  #inFlight: Promise<void> | undefined;
  /** The step handed over last. */
  submitted = { to: 0n, events: 0 };
  /** Counts restarts: whoever follows the log from an earlier one must begin again. */
  session = 0;

  constructor(options: StepsOptions<Event>) {
    this.#options = options;
  }

  /** False from the start, and from a failure until the next `restart`. */
  get isSound(): boolean {
    return this.#folder !== undefined;
  }

  get folder(): Folder<Event> {
    if (this.#folder === undefined) throw new Error('steps are restarted after a failure before they go on');
    return this.#folder;
  }

  /** Position of the last event folded. */
  get folded(): bigint {
    return this.#folded;
  }

  /** Events and rows since the last `submit`, a large row as several. */
  get events(): number {
    return this.#events;
  }

  get rows(): number {
    return this.#stagedRows + this.folder.rows.changes;
  }

  /** Rows in memory, a large one as several. */
  get held(): number {
    return this.folder.rows.held;
  }

  /** Forgets what was not written and goes on from the database's checkpoint. */
  async restart(refusal?: Refusal): Promise<void> {
    await this.#inFlight?.catch(() => {}); // told to whoever submitted next
    this.#inFlight = undefined;
    const { generation, readModel, onTouched, maxParkedListed } = this.#options;
    generation.unstage?.();
    const { position, steps } = await generation.standing();
    this.#position = position;
    this.#folded = position;
    this.#committed = steps;
    this.#events = 0;
    this.#repeats = 0;
    this.#stagedRows = 0;
    const isEmpty = position === 0n && steps === 0;
    const load: Load = (asks) => generation.load(asks);
    this.#folder = new Folder(readModel, { load, isEmpty, refusal, onTouched, maxParkedListed });
    this.session++;
  }

  abandon(): void {
    this.#folder = undefined;
    this.#options.generation.unstage?.();
  }

  async fold(events: readonly Event[]): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    const { dropped } = this.folder;
    await this.folder.fold(events);
    this.#repeats += this.folder.dropped - dropped;
    this.#folded = last.position;
    this.#events += events.length;
  }

  /** Lets go of rows that no later event of the step can change: entries are large, and would outlive their time in memory. */
  stage(): void {
    const { generation } = this.#options;
    if (generation.stage === undefined) return;
    const { rows } = this.folder;
    const before = rows.changes;
    const changes = rows.collectAppended();
    this.#stagedRows += before - rows.changes;
    if (changes.length > 0) generation.stage({ from: this.#position, steps: this.#committed }, changes);
  }

  /** Hands over what was folded. Waits for the step before, and with `wait` for this one too. */
  async submit({ wait, caughtUp }: { wait: boolean; caughtUp: boolean }): Promise<void> {
    await this.settle();
    const { rows } = this.folder;
    rows.evict(this.#options.maxCachedRows);
    const changes = rows.collect();
    if (this.#folded === this.#position && changes.length === 0 && this.#stagedRows === 0) {
      rows.confirm();
      return;
    }
    const position = this.#folded;
    this.submitted = { to: position, events: this.#events };
    const committed = this.#options.generation.commit({
      from: this.#position,
      to: position,
      steps: this.#committed,
      changes,
    });
    this.#inFlight = this.#told(committed, {
      from: this.#position,
      position,
      events: this.#events,
      repeats: this.#repeats,
      caughtUp,
    });
    this.#inFlight.catch(() => {}); // awaited by the next call; until then it must not count as unhandled
    this.#position = position;
    this.#committed++;
    this.#events = 0;
    this.#repeats = 0;
    this.#stagedRows = 0;
    if (wait) await this.settle();
  }

  /** Writes what no event has changed, where the read model stands. Memory knows nothing of it: `restart` afterwards. */
  async rewrite(changes: readonly TableChanges[]): Promise<void> {
    const place = { from: this.#position, to: this.#position, steps: this.#committed };
    const committed = await this.#options.generation.commit({ ...place, changes });
    this.abandon();
    if (committed === 'lost-race') throw new LostRace(`another projector was here at ${this.#position}`);
  }

  /** Waits for the step on its way. Memory learns only here that it arrived, never while rows are being loaded. */
  async settle(): Promise<void> {
    if (this.#inFlight === undefined) return;
    await this.#inFlight;
    this.#inFlight = undefined;
    this.folder.rows.confirm();
  }

  async #told(committed: Promise<'committed' | 'lost-race'>, progress: Progress): Promise<void> {
    if ((await committed) === 'lost-race')
      throw new LostRace(`another projector has moved the checkpoint before ${progress.position}`);
    this.#options.onStep(progress);
  }
}
