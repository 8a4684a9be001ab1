import { z } from 'zod';
import { ERROR_CODES, isErrorCode, MeshError } from './errors.ts';

/** RFC 9457 problem details, with our `code` and `hint` as extension members. */
export const Problem = z
  .looseObject({
    type: z.string().describe('urn:goose-mesh:problem:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What was expected and what was found'),
    code: z.string(),
    hint: z.string().optional().describe('What to try'),
  })
  .describe('RFC 9457 problem details');
export type Problem = z.infer<typeof Problem>;

export const PROBLEM_TYPE = 'application/problem+json';

const RESERVED = new Set(['type', 'title', 'status', 'detail', 'code', 'hint']);

export function toProblem(error: MeshError): Problem {
  return {
    ...error.details,
    type: `urn:goose-mesh:problem:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** Rebuilds the error that a problem body tells of; an unknown body becomes an error by its HTTP status. */
export function fromProblem(status: number, body: unknown): MeshError {
  const parsed = Problem.safeParse(body);
  if (!parsed.success || !isErrorCode(parsed.data.code)) {
    return new MeshError(codeOfStatus(status), `The server answered HTTP ${status} without a problem body.`);
  }
  const { code, detail, hint } = parsed.data;
  const details = Object.fromEntries(Object.entries(parsed.data).filter(([key]) => !RESERVED.has(key)));
  return new MeshError(code, detail, { hint, details });
}

function codeOfStatus(status: number) {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 413:
      return 'too_large';
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return status >= 500 ? 'internal' : 'invalid_request';
  }
}
