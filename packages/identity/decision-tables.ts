import { defineTable } from '@touchline/read-store';
import type { DecisionKind } from './history.ts';

/** What people decided. */
export interface DecisionRow {
  readonly eventid: string;
  readonly kind: DecisionKind;
  readonly party: string;
  /** Null for `shared`. */
  readonly otherParty: string | null;
  readonly position: number;
  readonly happenedAt: number;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  /** 0 when undone, else 1. */
  readonly active: number;
}

export const DECISIONS = defineTable<DecisionRow>({
  name: 'identity_decisions',
  columns: {
    eventid: 'text',
    kind: 'text',
    party: 'text',
    otherParty: 'text?',
    position: 'integer',
    happenedAt: 'integer',
    decidedBy: 'text?',
    reason: 'text?',
    active: 'integer',
  },
  key: ['eventid'],
  indexes: [['party'], ['otherParty']],
  personal: ['reason'],
});

/** The first undo of each decision. May stand before its decision is known. */
export interface UndoRow {
  /** Event id of the decision. */
  readonly decision: string;
  readonly eventid: string;
  readonly position: number;
  readonly happenedAt: number;
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

export const UNDOS = defineTable<UndoRow>({
  name: 'identity_undos',
  columns: {
    decision: 'text',
    eventid: 'text',
    position: 'integer',
    happenedAt: 'integer',
    decidedBy: 'text?',
    reason: 'text?',
  },
  key: ['decision'],
  personal: ['reason'],
});
