import { expect } from 'vitest';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { PROBLEM_TYPE, type Problem } from '../../../src/core/problem.ts';

/** The problem that a response must be, checked by its code. */
export async function problemOf(response: Response, code: ErrorCode): Promise<Problem> {
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ code, status: response.status });
  expect(response.headers.get('content-type')).toBe(PROBLEM_TYPE);
  return problem;
}

/** What a call of the client must be refused with. */
export async function refusalOf(call: Promise<unknown>): Promise<ErrorCode> {
  return call.then(
    (value) => {
      throw new Error(`it was not refused: ${JSON.stringify(value)}`);
    },
    (error: unknown) => (error as { code: ErrorCode }).code,
  );
}
