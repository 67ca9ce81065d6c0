import { PROBLEMS, type ProblemCode } from './problems.ts';

/** One thing wrong with the input. */
export interface InputError {
  /** JSON pointer (RFC 6901) into the part of the request named by `in`; empty for the whole. */
  readonly pointer: string;
  readonly detail: string;
  /** Default `body`. */
  readonly in?: 'body' | 'query' | 'path' | 'header';
  readonly code?: string;
}

export interface ProblemOptions {
  /** What happened this time, for a person. Never repeats personal data of the request. */
  readonly detail?: string;
  readonly errors?: readonly InputError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the document (RFC 9457, section 3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error that is told to the client as it is: throw it from a route and it is answered as problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: readonly InputError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(
      options.detail ?? PROBLEMS[code].title,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  /** The problem document (RFC 9457); `instance` names this occurrence. */
  toDocument(instance: string): Record<string, unknown> {
    return {
      type: `urn:touchline:problem:${this.code}`,
      title: PROBLEMS[this.code].title,
      status: this.status,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      code: this.code,
      instance,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
      ...this.members,
    };
  }
}
