import type { Foldable } from '@touchline/read-store';
import type { IdentifierKey } from '@touchline/touchpoints';
import type { DecisionKind } from './history.ts';

/** What identity reads of a recorded touchpoint. */
export interface IdentityEvent extends Foldable {
  readonly eventid: string;
  /** Milliseconds since the epoch. */
  readonly happenedAt: number;
  /** Strongest first; for decisions, the parties. */
  readonly identifiers: readonly IdentifierKey[];
  readonly touchpoint: {
    readonly type: string;
    readonly authid?: string | undefined;
    readonly data: {
      readonly about?: readonly string[] | undefined;
      readonly reason?: string | undefined;
      /** Of `party.unmerged`: event id of the decision it undoes. */
      readonly decision?: unknown;
    };
  };
}

/** `none`: stands in a data subject's stream, but says nothing about who is who. */
export type DecisionAct = DecisionKind | 'undo' | 'none';

const DECISION_TYPES: readonly (readonly [prefix: string, act: DecisionAct])[] = [
  ['touchline.party.merged.', 'merge'],
  ['touchline.party.nomerge-declared.', 'nomerge'],
  ['touchline.party.unmerged.', 'undo'],
  ['touchline.party.', 'none'],
  ['touchline.identifier.marked-shared.', 'shared'],
  ['touchline.customer.erased.', 'none'],
];

/** What a type decides; undefined for sightings. Decisions neither link what they name nor make it older. */
export function decisionAct(type: string): DecisionAct | undefined {
  for (const [prefix, act] of DECISION_TYPES) if (type.startsWith(prefix)) return act;
  return undefined;
}

const NO_REFERENCES: readonly string[] = Object.freeze([]);

export function referencesOf(event: IdentityEvent): readonly string[] {
  return event.touchpoint.data.about ?? NO_REFERENCES;
}

/** Positions are small enough to be exact; tables hold no bigints. */
export function positionOf(event: IdentityEvent): number {
  return Number(event.position);
}
