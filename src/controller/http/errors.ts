import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isMeshError, MeshError } from '../../core/errors.ts';
import type { Logger } from '../../core/log.ts';
import { PROBLEM_TYPE, toProblem } from '../../core/problem.ts';

const RETRY_AFTER_SECONDS = 1;

/** Answers whatever a route throws with problem+json; what is not known is logged and told as `internal`. */
export function answerError(log: Logger) {
  return (error: Error, c: Context): Response => {
    const known = toMeshError(error);
    if (known.code === 'internal')
      log.error({ err: error, method: c.req.method, path: c.req.path }, 'a route broke');
    return answerProblem(known);
  };
}

export function answerProblem(error: MeshError): Response {
  const headers = new Headers({ 'content-type': PROBLEM_TYPE });
  if (error.status === 503) headers.set('retry-after', String(RETRY_AFTER_SECONDS));
  if (error.status === 401) headers.set('www-authenticate', 'Bearer');
  return new Response(JSON.stringify(toProblem(error)), { status: error.status, headers });
}

function toMeshError(error: Error): MeshError {
  if (isMeshError(error)) return error;
  // hono's own: a body that is not JSON.
  if (error instanceof HTTPException && error.status === 400) {
    return new MeshError(
      'invalid_request',
      'Expected a JSON body, but what was sent does not parse as JSON.',
    );
  }
  return new MeshError('internal', 'The controller failed to answer; its log has the cause.', {
    cause: error,
  });
}

export function answerNotFound(c: Context): Response {
  return answerProblem(
    new MeshError('not_found', `There is no route ${c.req.method} ${c.req.path}.`, {
      hint: 'GET /openapi.json lists all.',
    }),
  );
}
