import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { RouterRoute } from 'hono/types';
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
  // What is left of the body is not read, so the connection cannot carry another request.
  if (error.status === 413) headers.set('connection', 'close');
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

/** Answers a path that no route has with 404, and one that takes other methods with 405 and their list. */
export function answerNotFound(app: { readonly routes: readonly RouterRoute[] }) {
  return (c: Context): Response => {
    const { method, path } = c.req;
    const methods = [
      ...new Set(app.routes.filter((route) => isRouteOf(route, path)).map((route) => route.method)),
    ];
    const hint = 'GET /openapi.json lists all routes.';
    if (methods.length === 0) {
      return answerProblem(new MeshError('not_found', `There is no route ${method} ${path}.`, { hint }));
    }
    const allow = methods.join(', ');
    const error = new MeshError('method_not_allowed', `Expected ${allow} for ${path}, found ${method}.`, {
      hint,
    });
    const response = answerProblem(error);
    response.headers.set('allow', allow);
    return response;
  };
}

function isRouteOf(route: RouterRoute, path: string): boolean {
  // Middleware stands under every method.
  if (route.method === 'ALL') return false;
  const [wanted, found] = [route.path.split('/'), path.split('/')];
  return (
    wanted.length === found.length &&
    wanted.every((part, index) => (part.startsWith(':') ? found[index] !== '' : part === found[index]))
  );
}
