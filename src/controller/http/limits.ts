import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { MeshError } from '../../core/errors.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Refuses bodies that are too large: by the length that they announce, which Node holds them to, else by counting, which
 * takes a stream where the text would be at hand.
 */
export const limitBody = createMiddleware((c, next) => {
  const announced = c.req.header('content-length');
  if (announced === undefined || c.req.header('transfer-encoding') !== undefined) return countBody(c, next);
  if (Number(announced) > MAX_BODY_BYTES) throw tooLarge();
  return next();
});

const countBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw tooLarge();
  },
});

function tooLarge(): MeshError {
  return new MeshError(
    'too_large',
    `Expected a body of at most ${MAX_BODY_BYTES} bytes, found a larger one.`,
    { hint: 'Refer to large content instead of sending it.' },
  );
}

/** Of every PATCH: as plain JSON a body would not say what it means to do (RFC 5789, 2). */
export const PATCH_TYPE = 'application/merge-patch+json';

/** What the bodies of requests are, and what they may be called. */
const BODY_TYPES = {
  form: { name: 'application/x-www-form-urlencoded', pattern: /^application\/x-www-form-urlencoded$/i },
  patch: { name: PATCH_TYPE, pattern: /^application\/merge-patch\+json$/i },
  json: { name: 'application/json', pattern: /^application\/([\w.+-]+\+)?json$/i },
} as const;

/** The token endpoint takes a form (RFC 6749, 4.4.2), PATCH a merge patch; everything else with a body takes JSON. */
export const requireJson = createMiddleware(async (c, next) => {
  if (hasBody(c)) {
    const type = bodyTypeOf(c);
    const { name, pattern } = BODY_TYPES[type];
    const found = c.req.header('content-type')?.split(';')[0]?.trim() ?? 'none';
    if (!pattern.test(found))
      throw new MeshError('unsupported_media_type', `Expected content-type ${name}, found ${found}.`);
    // MCP's own handler reads its body.
    if (type !== 'form' && c.req.path !== '/mcp') requireShallow(await c.req.text());
  }
  await next();
});

function bodyTypeOf({ req }: Context): keyof typeof BODY_TYPES {
  if (req.path === '/oauth/token') return 'form';
  return req.method === 'PATCH' ? 'patch' : 'json';
}

function hasBody(c: Context): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

/** What checks and rewrites JSON walks down into it, so its depth is bounded before. */
const MAX_DEPTH = 100;

function requireShallow(json: string): void {
  let depth = 0;
  let isText = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (isText && character === '\\') index += 1;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === '{' || character === '[')) depth += 1;
    else if (!isText && (character === '}' || character === ']')) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new MeshError(
        'invalid_request',
        `Expected JSON that is nested at most ${MAX_DEPTH} levels deep, found more.`,
      );
    }
  }
}
