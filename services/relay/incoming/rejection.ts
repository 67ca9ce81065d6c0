import type { ProblemCode } from '@touchline/service-kit';

/** One thing wrong, as problem details list it. In a batch the pointer begins with the place of the item. */
export interface RejectionError {
  readonly pointer: string;
  readonly detail: string;
  readonly code?: string;
}

/** Why a message, or a part of it, was not recorded. Repeats nothing of what it holds. */
export class Rejection {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly RejectionError[];

  constructor(code: ProblemCode, detail: string, errors: readonly RejectionError[] = []) {
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}
