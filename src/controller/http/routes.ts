import { OpenAPIHono, z } from '@hono/zod-openapi';
import { MeshError } from '../../core/errors.ts';
import { PROBLEM_TYPE, Problem } from '../../core/problem.ts';
import type { AuthEnv } from '../auth/authenticate.ts';
import { PATCH_TYPE } from './limits.ts';

/** A hono app whose bad inputs become one clear problem each. */
export function createRoutes() {
  return new OpenAPIHono<AuthEnv>({
    defaultHook: (result, c) => {
      if (result.success) return;
      const issues = result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      const [first] = issues;
      const where =
        first === undefined || first.path === '' ? `the ${result.target}` : `${result.target} ${first.path}`;
      throw new MeshError('invalid_request', `${where}: ${first?.message ?? 'is not valid'}.`, {
        hint: `GET /openapi.json describes ${c.req.method} ${c.req.path}.`,
        details: { issues },
      });
    },
  });
}

const problem = (description: string) => ({ description, content: { [PROBLEM_TYPE]: { schema: Problem } } });

/** The answers that every route may give beside its own. */
export const PROBLEMS = {
  400: problem('The request is not valid'),
  401: problem('A valid token is needed'),
  402: problem('The budget is used up'),
  403: problem('The caller may not do that'),
  404: problem('There is nothing under that id'),
  405: problem('The path does not take that method; Allow tells which it takes'),
  409: problem('The request clashes with the current state'),
  413: problem('The body is larger than 1 MiB'),
  415: problem('The body is of a type that the path does not take'),
  422: problem('The content cannot be taken'),
  500: problem('Something broke; the log of the controller has the cause'),
  503: problem('The database cannot be reached; Retry-After tells when to try again'),
} as const;

/** The responses of a route that answers 200 with JSON. */
export function answers<T extends z.ZodType>(schema: T, description: string) {
  return { 200: { description, content: { 'application/json': { schema } } }, ...PROBLEMS };
}

/** The responses of a route that answers 200 with JSON and its ETag. */
export function answersTagged<T extends z.ZodType>(schema: T, description: string) {
  const { 200: found, ...problems } = answers(schema, description);
  const etag = { description: 'For If-Match', schema: { type: 'string' as const } };
  return { 200: { ...found, headers: { ETag: etag } }, ...problems };
}

/** The responses of a route that answers 204. */
export function answersNothing(description: string) {
  return { 204: { description }, ...PROBLEMS };
}

/** The request of a route with a JSON body. */
export function takes<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { 'application/json': { schema } } } };
}

/** The request of a route with a JSON merge patch (RFC 7396). */
export function takesPatch<T extends z.ZodType>(schema: T) {
  return { body: { required: true, content: { [PATCH_TYPE]: { schema } } } };
}

export const IdParam = z.object({ id: z.uuid({ error: 'expected a UUID' }) });

export const SECURED = [{ bearer: [] }];
export const PUBLIC: typeof SECURED = [];
