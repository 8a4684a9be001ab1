import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, isMeshError, MeshError } from '../../src/core/errors.ts';
import { fromProblem, Problem, toProblem } from '../../src/core/problem.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test.each(CODES)('%s survives the way over HTTP', (code) => {
  const sent = new MeshError(code, 'Expected a, found b.', { hint: 'Try a.', details: { found: 'b' } });
  const problem = toProblem(sent);
  expect(Problem.parse(problem)).toEqual(problem);
  const received = fromProblem(sent.status, JSON.parse(JSON.stringify(problem)));
  expect(received).toMatchObject({ code, message: sent.message, hint: 'Try a.', details: { found: 'b' } });
});

test('details cannot take the place of what a problem must say', () => {
  const error = new MeshError('conflict', 'No.', { details: { status: 'open', code: 'mine', detail: 'x' } });
  expect(toProblem(error)).toMatchObject({ status: 409, code: 'conflict', detail: 'No.' });
});

describe('an answer that is no problem', () => {
  test.each([
    [401, 'unauthenticated'],
    [404, 'not_found'],
    [413, 'too_large'],
    [418, 'invalid_request'],
    [500, 'internal'],
    [502, 'unavailable'],
    [504, 'unavailable'],
  ])('of status %i is taken as %s', (status, code) => {
    expect(fromProblem(status, '<html>').code).toBe(code);
  });
});

test('an error of another copy of the package is known by its brand', () => {
  const foreign = Object.assign(new Error('x'), { [Symbol.for('goose-mesh.error')]: true });
  expect(isMeshError(foreign)).toBe(true);
  expect(isMeshError(new Error('x'))).toBe(false);
  expect(isMeshError(undefined)).toBe(false);
});
