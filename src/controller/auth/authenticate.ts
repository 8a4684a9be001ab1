import { createMiddleware } from 'hono/factory';
import { MeshError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity.ts';
import { hasRight, type Right } from '../../core/rights.ts';
import type { VerifyToken } from './tokens.ts';

export interface AuthEnv {
  Variables: { principal: Principal };
}

/** What may be asked without a token: is it there, which keys does it sign with, and the door to get a token. */
const PUBLIC_PATHS = new Set(['/health/live', '/health/ready', '/.well-known/jwks.json', '/oauth/token']);

/** Puts the caller into the context of every route but the public ones, or ends the request with 401. */
export function authenticate(verify: VerifyToken) {
  return createMiddleware<AuthEnv>(async (c, next) => {
    if (!PUBLIC_PATHS.has(c.req.path)) {
      const [, token] = /^Bearer ([\w.~+/=-]+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
      if (token === undefined) {
        throw new MeshError(
          'unauthenticated',
          'Expected an Authorization header with a bearer token, found none.',
          {
            hint: 'Get a token from POST /oauth/token.',
          },
        );
      }
      c.set('principal', await verify(token));
    }
    await next();
  });
}

/** Lets only callers with a right through. */
export function requireRight(right: Right) {
  return createMiddleware<AuthEnv>(async (c, next) => {
    const principal = c.get('principal');
    if (!hasRight(principal, right)) {
      throw new MeshError('forbidden', `${principal.actor} (${principal.kind}) lacks the right ${right}.`);
    }
    await next();
  });
}
