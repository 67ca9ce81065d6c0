import { PROBLEMS, type ProblemCode } from '@touchline/service-kit';
import { expect } from 'vitest';

/** Problem details as the API promises them. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly instance: string;
  readonly errors?: readonly {
    readonly pointer: string;
    readonly detail: string;
    readonly code?: string;
    readonly in?: string;
  }[];
  readonly [member: string]: unknown;
}

/** RFC 6901. */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** Holds an answer against every promise about problems, and gives its document for what is particular to it. */
export async function expectProblem(answer: Response, code: ProblemCode): Promise<ProblemDocument> {
  const text = await answer.text();
  expect(text, `${answer.status} ${answer.headers.get('content-type')}`).toMatch(/^\{/);
  const document = JSON.parse(text) as ProblemDocument;
  const { status, title } = PROBLEMS[code];
  expect({ answered: answer.status, ...document }).toMatchObject({
    answered: status,
    type: `urn:touchline:problem:${code}`,
    title,
    status,
    code,
    instance: expect.stringMatching(/^urn:touchline:request:[0-9a-z-]+$/),
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(['string', 'undefined']).toContain(typeof document.detail);
  for (const error of document.errors ?? []) {
    expect(error.pointer).toMatch(POINTER);
    expect(error.detail).toMatch(/\S/);
  }
  return document;
}

/** What is wrong, in short: places and, where there are any, codes. */
export function placesOf(document: ProblemDocument): string[] {
  return (document.errors ?? []).map(({ pointer, code }) =>
    code === undefined ? pointer : `${pointer} ${code}`,
  );
}
